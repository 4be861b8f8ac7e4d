package dev.switchboard.security;

import reactor.core.publisher.Mono;

import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.web.server.ServerWebExchange;

/**
 * Refuses requests with ambiguous paths, by Spring Security's strict firewall. A path
 * that a quick check finds plain does not go through that firewall. Methods are not
 * checked, since controllers answer wrong ones with 405. Headers are not checked, since
 * Netty has refused control characters in them. So the original exchange is passed on,
 * and not the firewall's decorator, which checks headers at each read.
 */
public final class PathFirewall implements ServerWebExchangeFirewall {

	private final StrictServerWebExchangeFirewall strict = new StrictServerWebExchangeFirewall();

	PathFirewall() {
		this.strict.setUnsafeAllowAnyHttpMethod(true);
	}

	@Override
	public Mono<ServerWebExchange> getFirewalledExchange(ServerWebExchange exchange) {
		return isPlain(exchange) ? Mono.just(exchange)
				: this.strict.getFirewalledExchange(exchange).thenReturn(exchange);
	}

	/**
	 * Whether a quick check finds the path in its normal form: it has only ASCII letters,
	 * digits and some signs, no two slashes in a row, and no segment that begins with a
	 * dot. It may end with a slash.
	 */
	public static boolean isPlain(ServerWebExchange exchange) {
		String path = exchange.getRequest().getPath().value();
		char previous = ' ';
		for (int i = 0; i < path.length(); i++) {
			char c = path.charAt(i);
			boolean begins = previous == '/';
			boolean plain = Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == ':';
			if (c >= 128 || !(plain || (!begins && (c == '/' || c == '.')))) {
				return false;
			}
			previous = c;
		}
		return true;
	}

}

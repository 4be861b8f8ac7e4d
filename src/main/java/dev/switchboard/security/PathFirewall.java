package dev.switchboard.security;

import reactor.core.publisher.Mono;

import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.web.server.ServerWebExchange;

/**
 * Refuses ambiguous paths by Spring Security's firewall, unless a quick check shows that
 * a path is plain. Methods are not checked, since controllers answer 405. Headers are not
 * checked, since Netty has refused control characters in them; so the decorator that
 * would check them again at each read is dropped.
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
	 * Whether the path is surely in its normal form: ASCII letters, digits and some signs
	 * in segments that do not begin with a dot and are not empty.
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

package dev.switchboard.security;

import reactor.core.publisher.Mono;

import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.web.server.ServerWebExchange;

/**
 * Refuses paths that could be read in two ways, as Spring Security's firewall does; a
 * path of plain segments needs no closer look. The methods are left to controllers (405),
 * and the headers to Netty, which has refused control characters in them already: the
 * decorator that would check them again at every read is dropped.
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

	/** Whether the path surely is in its normal form. */
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

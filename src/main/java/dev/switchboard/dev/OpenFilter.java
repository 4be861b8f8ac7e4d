package dev.switchboard.dev;

import dev.switchboard.security.PathFirewall;
import reactor.core.publisher.Mono;

import org.springframework.security.web.server.WebFilterChainProxy;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedException;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;

/**
 * Takes the place of Spring Security's filter chain in {@code dev} mode, where everything
 * is permitted. It applies only the firewall.
 */
final class OpenFilter extends WebFilterChainProxy {

	private final ServerWebExchangeFirewall firewall;

	private final ServerExchangeRejectedHandler rejected;

	OpenFilter(ServerWebExchangeFirewall firewall, ServerExchangeRejectedHandler rejected) {
		this.firewall = firewall;
		this.rejected = rejected;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (PathFirewall.isPlain(exchange)) {
			return chain.filter(exchange);
		}
		return this.firewall.getFirewalledExchange(exchange)
			.flatMap(chain::filter)
			.onErrorResume(ServerExchangeRejectedException.class,
					(rejection) -> this.rejected.handle(exchange, rejection).then());
	}

}

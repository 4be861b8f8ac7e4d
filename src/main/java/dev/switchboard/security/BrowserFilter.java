package dev.switchboard.security;

import dev.switchboard.problem.FilterOrder;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Protects the API and management ports from web pages. It refuses requests whose {@code
 * Origin} is not allowed and, in {@code dev} mode, requests whose {@code Host} is not
 * loopback.
 */
final class BrowserFilter implements WebFilter, Ordered {

	private final OriginSettings origins;

	private final boolean loopbackHostOnly;

	BrowserFilter(OriginSettings origins, SecuritySettings security) {
		this.origins = origins;
		this.loopbackHostOnly = security.mode() == SecuritySettings.Mode.DEV;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		HttpHeaders headers = exchange.getRequest().getHeaders();
		if (this.loopbackHostOnly && !LoopbackHost.isIn(headers)) {
			return Mono.error(new ProblemException(Problem.FORBIDDEN, LoopbackHost.REFUSAL));
		}
		if (!this.origins.allows(headers)) {
			return Mono.error(new ProblemException(Problem.FORBIDDEN, OriginSettings.REFUSAL));
		}
		return chain.filter(exchange);
	}

	@Override
	public int getOrder() {
		return FilterOrder.BROWSERS;
	}

}

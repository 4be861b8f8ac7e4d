package dev.switchboard.security;

import java.time.Duration;
import java.util.List;

import dev.switchboard.problem.FilterOrder;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsProcessor;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.cors.reactive.DefaultCorsProcessor;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Protects the API and management ports from web pages. It refuses requests whose {@code
 * Origin} is not allowed and, in {@code dev} mode, requests whose {@code Host} is not
 * loopback. It lets the pages of allowed origins read the answers (CORS). It also answers
 * the preflight requests of these pages itself, because such requests have no
 * credentials.
 */
final class BrowserFilter implements WebFilter, Ordered {

	/**
	 * Lets an allowed page read every answer. What the page may do depends on its token,
	 * as for any caller.
	 */
	private static final CorsConfiguration ALLOWED = allowed();

	private final CorsProcessor cors = new DefaultCorsProcessor();

	private final OriginSettings origins;

	private final boolean loopbackHostOnly;

	BrowserFilter(OriginSettings origins, SecuritySettings security) {
		this.origins = origins;
		this.loopbackHostOnly = security.mode() == SecuritySettings.Mode.DEV;
	}

	private static CorsConfiguration allowed() {
		CorsConfiguration allowed = new CorsConfiguration();
		// filter() has checked the origin before it asks this configuration.
		allowed.setAllowedOriginPatterns(List.of(CorsConfiguration.ALL));
		allowed.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "DELETE"));
		allowed.setAllowedHeaders(List.of(CorsConfiguration.ALL));
		allowed.setExposedHeaders(List.of(HttpHeaders.LOCATION, "Preference-Applied", HttpHeaders.RETRY_AFTER,
				HttpHeaders.WWW_AUTHENTICATE));
		allowed.setMaxAge(Duration.ofMinutes(10));
		return allowed;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		HttpHeaders headers = exchange.getRequest().getHeaders();
		if (this.loopbackHostOnly && !LoopbackHost.isIn(headers)) {
			return Mono.error(new ProblemException(Problem.FORBIDDEN, LoopbackHost.REFUSAL));
		}
		if (!headers.containsHeader(HttpHeaders.ORIGIN)) {
			return chain.filter(exchange);
		}
		return Mono.defer(() -> {
			this.origins.require(headers);
			return share(exchange, chain);
		});
	}

	private Mono<Void> share(ServerWebExchange exchange, WebFilterChain chain) {
		if (!this.cors.process(ALLOWED, exchange)) {
			return Mono.error(new ProblemException(Problem.FORBIDDEN, "Web pages may not send such requests"));
		}
		return CorsUtils.isPreFlightRequest(exchange.getRequest()) ? exchange.getResponse().setComplete()
				: chain.filter(exchange);
	}

	@Override
	public int getOrder() {
		return FilterOrder.BROWSERS;
	}

}

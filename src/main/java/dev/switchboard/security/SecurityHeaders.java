package dev.switchboard.security;

import dev.switchboard.problem.FilterOrder;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Adds headers to every answer of the API and management ports, in both modes. They
 * forbid browsers to guess the type of the answer, to show it in a frame, to store it,
 * and to send its address on. They take the place of Spring Security's own headers, which
 * only {@code jwt} mode would have. Web pages have a policy of their own.
 */
final class SecurityHeaders implements WebFilter, Ordered {

	private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";

	private static final String YEAR = "max-age=31536000";

	@Override
	public int getOrder() {
		return FilterOrder.HEADERS;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		HttpHeaders headers = exchange.getResponse().getHeaders();
		headers.set("X-Content-Type-Options", "nosniff");
		headers.set("Content-Security-Policy", NOTHING);
		headers.set("Referrer-Policy", "no-referrer");
		if (isPrivate(exchange.getRequest().getPath().value())) {
			headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
		}
		if ("https".equals(exchange.getRequest().getURI().getScheme())) {
			headers.set("Strict-Transport-Security", YEAR);
		}
		return chain.filter(exchange);
	}

	/** Whether the answer is for the caller alone, unlike the pages. */
	private static boolean isPrivate(String path) {
		return path.startsWith("/v1/") || path.startsWith("/actuator");
	}

}

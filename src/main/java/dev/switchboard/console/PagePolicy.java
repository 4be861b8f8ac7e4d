package dev.switchboard.console;

import java.util.List;

import dev.switchboard.problem.FilterOrder;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Adds a security policy to web pages: our own, and those of the webjars. The pages may
 * use only scripts, styles and data of their own origin, and no inline scripts. No other
 * page may show them in a frame.
 */
final class PagePolicy implements WebFilter, Ordered {

	private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
			+ " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

	private final List<String> prefixes;

	/**
	 * @param prefixes the paths to which the policy applies, together with all paths
	 * below them
	 */
	PagePolicy(List<String> prefixes) {
		this.prefixes = prefixes;
	}

	@Override
	public int getOrder() {
		return FilterOrder.PAGES;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (isPage(exchange.getRequest().getPath().pathWithinApplication().value())) {
			HttpHeaders headers = exchange.getResponse().getHeaders();
			headers.set("Content-Security-Policy", POLICY);
			headers.set("X-Content-Type-Options", "nosniff");
			headers.set("Referrer-Policy", "no-referrer");
		}
		return chain.filter(exchange);
	}

	private boolean isPage(String path) {
		for (String prefix : this.prefixes) {
			if (path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/')) {
				return true;
			}
		}
		return false;
	}

}

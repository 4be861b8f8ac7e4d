package dev.switchboard.security;

import java.util.List;
import java.util.stream.Stream;

import reactor.core.publisher.Mono;

import org.springframework.http.server.PathContainer;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Matches the requests that need a token in {@code jwt} mode: all but those for health,
 * for the OpenAPI document and for its page. Spring Security's own matcher of several
 * paths is not used: it is a stream of publishers, which costs each call several
 * microseconds.
 */
final class ProtectedPaths implements ServerWebExchangeMatcher {

	private static final String API = "/v1/";

	private static final List<PathPattern> OPEN = Stream
		.of("/actuator/health/**", "/openapi.yaml", "/openapi.json", "/docs/**", "/webjars/**")
		.map(PathPatternParser.defaultInstance::parse)
		.toList();

	@Override
	public Mono<MatchResult> matches(ServerWebExchange exchange) {
		PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
		return isOpen(path) ? MatchResult.notMatch() : MatchResult.match();
	}

	private static boolean isOpen(PathContainer path) {
		return !path.value().startsWith(API) && OPEN.stream().anyMatch((pattern) -> pattern.matches(path));
	}

}

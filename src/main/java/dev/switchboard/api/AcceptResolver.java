package dev.switchboard.api;

import java.util.List;

import dev.switchboard.problem.ProblemException;

import org.springframework.http.MediaType;
import org.springframework.web.reactive.accept.HeaderContentTypeResolver;
import org.springframework.web.reactive.accept.RequestedContentTypeResolver;
import org.springframework.web.server.ServerWebExchange;

/**
 * Reads {@code Accept} as Spring does, but answers more than 50 media types with 400.
 * Spring would answer with 500.
 */
final class AcceptResolver implements RequestedContentTypeResolver {

	private final RequestedContentTypeResolver headers = new HeaderContentTypeResolver();

	@Override
	public List<MediaType> resolveMediaTypes(ServerWebExchange exchange) {
		try {
			return this.headers.resolveMediaTypes(exchange);
		}
		catch (IllegalArgumentException ex) {
			throw ProblemException.invalid("Accept has too many media types");
		}
	}

}

package dev.switchboard.security;

import dev.switchboard.problem.Problem;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.server.WebFilterExchange;
import org.springframework.web.server.ServerWebExchange;

/** Answers requests that Spring Security stops, with a challenge (RFC 6750 section 3). */
final class Refusals {

	private Refusals() {
	}

	static Mono<Void> unauthenticated(ServerWebExchange exchange, AuthenticationException failure) {
		boolean bad = failure instanceof OAuth2AuthenticationException;
		challenge(exchange, bad ? "Bearer error=\"invalid_token\"" : "Bearer");
		return ProblemWriter.write(exchange, Problem.UNAUTHORIZED,
				bad ? failure.getMessage() : "a bearer token is needed");
	}

	/** A token that is bad, or that cannot be judged while its issuer is away. */
	static Mono<Void> notAuthenticated(WebFilterExchange filter, AuthenticationException failure) {
		ServerWebExchange exchange = filter.getExchange();
		if (!(failure instanceof AuthenticationServiceException)) {
			return unauthenticated(exchange, failure);
		}
		exchange.getResponse().getHeaders().set(HttpHeaders.RETRY_AFTER, "1");
		return ProblemWriter.write(exchange, Problem.UNAVAILABLE, failure.getMessage());
	}

	static Mono<Void> forbidden(ServerWebExchange exchange, AccessDeniedException failure) {
		String scope = (failure instanceof ApiAuthorization.Refusal refusal) ? refusal.missingScope() : null;
		challenge(exchange,
				"Bearer error=\"insufficient_scope\"" + ((scope != null) ? ", scope=\"" + scope + "\"" : ""));
		return ProblemWriter.write(exchange, Problem.FORBIDDEN, failure.getMessage());
	}

	private static void challenge(ServerWebExchange exchange, String challenge) {
		exchange.getResponse().getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, challenge);
	}

}

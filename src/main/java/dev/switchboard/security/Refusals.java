package dev.switchboard.security;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.server.WebFilterExchange;
import org.springframework.web.server.ServerWebExchange;

/**
 * Turns refusals into problems, and adds the header {@code WWW-Authenticate} (RFC 6750
 * section 3) to the answer.
 */
final class Refusals {

	private Refusals() {
	}

	/** Refuses a request without a token, or with a bad one. */
	static Mono<Void> unauthenticated(ServerWebExchange exchange, AuthenticationException failure) {
		boolean bad = failure instanceof OAuth2AuthenticationException;
		challenge(exchange, bad ? "Bearer error=\"invalid_token\"" : "Bearer");
		return Mono.error(new ProblemException(Problem.UNAUTHORIZED,
				bad ? String.valueOf(failure.getMessage()) : "A bearer token is needed"));
	}

	/**
	 * Refuses a request whose token is bad, or cannot be checked because the issuer is
	 * away.
	 */
	static Mono<Void> notAuthenticated(WebFilterExchange filter, AuthenticationException failure) {
		if (!(failure instanceof AuthenticationServiceException)) {
			return unauthenticated(filter.getExchange(), failure);
		}
		return Mono.error(new ProblemException(Problem.UNAVAILABLE, String.valueOf(failure.getMessage())));
	}

	/** Returns the problem for a good token that does not allow the request. */
	static ProblemException forbidden(ServerWebExchange exchange, String detail) {
		challenge(exchange, "Bearer error=\"insufficient_scope\"");
		return new ProblemException(Problem.FORBIDDEN, detail);
	}

	/** Returns the problem for a good token without the scope that the request needs. */
	static ProblemException missingScope(ServerWebExchange exchange, String scope) {
		challenge(exchange, "Bearer error=\"insufficient_scope\", scope=\"" + scope + "\"");
		return new ProblemException(Problem.FORBIDDEN, "The token lacks the scope " + scope);
	}

	private static void challenge(ServerWebExchange exchange, String challenge) {
		exchange.getResponse().getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, challenge);
	}

}

package dev.switchboard.security;

import java.util.List;
import java.util.stream.Stream;

import dev.switchboard.listener.FieldList;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;

import org.springframework.http.HttpHeaders;
import org.springframework.util.StringUtils;

/**
 * Finds the bearer token of a handshake. It is in the header {@code Authorization}.
 * Browsers cannot set that header, so they offer a subprotocol {@code bearer.<token>},
 * which the server never selects.
 */
final class HandshakeToken {

	private static final String SCHEME = "Bearer ";

	private static final String SUBPROTOCOL = "bearer.";

	private HandshakeToken() {
	}

	/**
	 * Finds the token.
	 * @throws ProblemException if there is no token or more than one
	 */
	static String in(HttpHeaders headers) {
		List<String> tokens = Stream.concat(authorization(headers), subprotocols(headers)).toList();
		if (tokens.size() != 1) {
			throw new ProblemException(Problem.UNAUTHORIZED,
					tokens.isEmpty() ? "A bearer token is needed" : "More than one bearer token");
		}
		if (tokens.getFirst().chars().anyMatch(Character::isWhitespace)) {
			throw new ProblemException(Problem.UNAUTHORIZED, "The bearer token has white space in it");
		}
		return tokens.getFirst();
	}

	/** Whether the handshake tries to show a token. */
	static boolean isIn(HttpHeaders headers) {
		return headers.containsHeader(HttpHeaders.AUTHORIZATION) || subprotocols(headers).findAny().isPresent();
	}

	private static Stream<String> authorization(HttpHeaders headers) {
		return headers.getOrEmpty(HttpHeaders.AUTHORIZATION)
			.stream()
			.filter((value) -> StringUtils.startsWithIgnoreCase(value, SCHEME))
			.map((value) -> value.substring(SCHEME.length()).strip());
	}

	private static Stream<String> subprotocols(HttpHeaders headers) {
		return FieldList.of(headers, "Sec-WebSocket-Protocol")
			.stream()
			.filter((protocol) -> protocol.startsWith(SUBPROTOCOL))
			.map((protocol) -> protocol.substring(SUBPROTOCOL.length()));
	}

}

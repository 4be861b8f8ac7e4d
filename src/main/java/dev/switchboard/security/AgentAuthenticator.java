package dev.switchboard.security;

import reactor.core.publisher.Mono;

import org.springframework.http.server.reactive.ServerHttpRequest;

import dev.switchboard.protocol.AgentId;

/**
 * Tells who an agent is from its handshake. Thread-safe, and never blocks; a result comes
 * on the caller's thread or, where an issuer's keys are fetched first, on another.
 */
public interface AgentAuthenticator {

	/**
	 * Reads the credentials of a handshake, and the headers that a browser adds to it.
	 * @return who connects; a {@link HandshakeRefusedException} if that cannot be told
	 */
	Mono<AgentCredentials> authenticate(ServerHttpRequest handshake);

	/**
	 * Checks the token of an {@code auth-refresh}.
	 * @param agent whose connection it came on
	 * @return the credentials that hold from now on; a {@link HandshakeRefusedException}
	 * if the token is bad, for another agent, or cannot be checked at present
	 */
	Mono<AgentCredentials> refresh(AgentId agent, String token);

}

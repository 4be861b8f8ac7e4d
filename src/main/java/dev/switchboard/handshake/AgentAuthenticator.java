package dev.switchboard.handshake;

import dev.switchboard.connection.AgentCredentials;
import dev.switchboard.problem.ProblemException;
import reactor.core.publisher.Mono;

import org.springframework.http.server.reactive.ServerHttpRequest;

/** Checks the credentials of agents that connect. Thread-safe. */
@FunctionalInterface
public interface AgentAuthenticator {

	/**
	 * Checks the credentials of a handshake.
	 * @return the agent's credentials; an error of {@link ProblemException} if they are
	 * missing, bad or not sufficient, or cannot be checked at the moment
	 */
	Mono<AgentCredentials> authenticate(ServerHttpRequest handshake);

}

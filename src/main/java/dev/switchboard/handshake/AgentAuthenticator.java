package dev.switchboard.handshake;

import dev.switchboard.connection.AgentCredentials;

import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/** The seam to whatever checks agents' credentials. */
@FunctionalInterface
public interface AgentAuthenticator {

	/**
	 * Tells who is shaking hands.
	 * @return the credentials; an error of {@link HandshakeRefusedException} where they
	 * are missing, bad, or not for this
	 */
	Mono<AgentCredentials> authenticate(ServerHttpRequest handshake);

}

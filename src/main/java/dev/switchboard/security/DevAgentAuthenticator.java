package dev.switchboard.security;

import dev.switchboard.connection.AgentAuthenticator;
import dev.switchboard.connection.AgentCredentials;
import dev.switchboard.connection.HandshakeRefusedException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Problem;
import reactor.core.publisher.Mono;

import org.springframework.http.server.reactive.ServerHttpRequest;

/** Takes agents at their word: {@code dev} mode. */
final class DevAgentAuthenticator implements AgentAuthenticator {

	private final OriginSettings origins;

	DevAgentAuthenticator(OriginSettings origins) {
		this.origins = origins;
	}

	@Override
	public Mono<AgentCredentials> authenticate(ServerHttpRequest handshake) {
		return Mono.fromCallable(() -> {
			if (!LoopbackHost.isIn(handshake.getHeaders())) {
				throw new HandshakeRefusedException(Problem.FORBIDDEN, LoopbackHost.REFUSAL);
			}
			this.origins.require(handshake.getHeaders());
			return new AgentCredentials(ClaimedIdentity.in(handshake).agent(), null);
		});
	}

}

package dev.switchboard.security;

import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;

import dev.switchboard.protocol.AgentId;

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
				throw new HandshakeRefusedException(HttpStatus.FORBIDDEN, LoopbackHost.REFUSAL);
			}
			this.origins.require(handshake.getHeaders());
			return new AgentCredentials(ClaimedIdentity.in(handshake).agent(), null);
		});
	}

	/** Nothing was asked for, so whatever comes is as good. */
	@Override
	public Mono<AgentCredentials> refresh(AgentId agent, String token) {
		return Mono.just(new AgentCredentials(agent, null));
	}

}

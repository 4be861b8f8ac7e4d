package dev.switchboard.dev;

import dev.switchboard.connection.AgentCredentials;
import dev.switchboard.handshake.AgentAuthenticator;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.security.DevIdentity;
import dev.switchboard.security.LoopbackHost;
import dev.switchboard.security.OriginSettings;
import reactor.core.publisher.Mono;

import org.springframework.http.server.reactive.ServerHttpRequest;

/** Accepts the identity that an agent claims, in {@code dev} mode. */
final class DevAgentAuthenticator implements AgentAuthenticator {

	private final OriginSettings origins;

	DevAgentAuthenticator(OriginSettings origins) {
		this.origins = origins;
	}

	@Override
	public Mono<AgentCredentials> authenticate(ServerHttpRequest handshake) {
		return Mono.fromCallable(() -> {
			if (!LoopbackHost.isIn(handshake.getHeaders())) {
				throw new ProblemException(Problem.FORBIDDEN, LoopbackHost.REFUSAL);
			}
			this.origins.require(handshake.getHeaders());
			return new AgentCredentials(DevIdentity.in(handshake).agent(), null);
		});
	}

}

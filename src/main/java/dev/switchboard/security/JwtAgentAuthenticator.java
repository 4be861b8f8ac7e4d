package dev.switchboard.security;

import java.util.function.Consumer;

import dev.switchboard.connection.AgentCredentials;
import dev.switchboard.handshake.AgentAuthenticator;
import dev.switchboard.handshake.CertainAgent;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.token.ClaimNames;
import dev.switchboard.token.Grant;
import dev.switchboard.token.TokenDecoders;
import reactor.core.publisher.Mono;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

/** Authenticates agents by their tokens, in {@code jwt} mode. */
final class JwtAgentAuthenticator implements AgentAuthenticator {

	private final OriginSettings origins;

	private final ReactiveJwtDecoder decoder;

	private final ClaimNames claims;

	JwtAgentAuthenticator(OriginSettings origins, ReactiveJwtDecoder decoder, ClaimNames claims) {
		this.origins = origins;
		this.decoder = decoder;
		this.claims = claims;
	}

	@Override
	public Mono<AgentCredentials> authenticate(ServerHttpRequest handshake) {
		return Mono.fromCallable(() -> tokenOf(handshake)).flatMap((token) -> check(token, handshake));
	}

	private String tokenOf(ServerHttpRequest handshake) {
		this.origins.require(handshake.getHeaders());
		if (!DevIdentity.in(handshake).isEmpty()) {
			throw new ProblemException(Problem.INVALID_REQUEST,
					"Identity comes from the token alone; name no tenant and no agent");
		}
		return HandshakeToken.in(handshake.getHeaders());
	}

	private Mono<AgentCredentials> check(String token, ServerHttpRequest handshake) {
		return check(token, (grant) -> noteAgent(grant, handshake));
	}

	/**
	 * Checks a token that came without a handshake.
	 * @return the credentials; an error of {@link ProblemException}, as from
	 * {@link #authenticate}
	 */
	Mono<AgentCredentials> check(String token) {
		return check(token, (_) -> {
			// The agent is known already.
		});
	}

	private Mono<AgentCredentials> check(String token, Consumer<Grant> checked) {
		return this.decoder.decode(token)
			.map((decoded) -> credentials(decoded, checked))
			.onErrorMap(JwtException.class, JwtAgentAuthenticator::refusal);
	}

	private static ProblemException refusal(JwtException failure) {
		Problem problem = (failure instanceof BadJwtException) ? Problem.UNAUTHORIZED : Problem.UNAVAILABLE;
		return new ProblemException(problem, String.valueOf(failure.getMessage()));
	}

	private AgentCredentials credentials(Jwt token, Consumer<Grant> checked) {
		Grant grant = this.claims.grantOf(token);
		checked.accept(grant);
		if (!grant.scopes().contains("agent:connect")) {
			throw new ProblemException(Problem.FORBIDDEN, "The token lacks the scope agent:connect");
		}
		String tenant = grant.tenant();
		String agent = grant.subject();
		if (tenant == null || agent == null) {
			throw new ProblemException(Problem.FORBIDDEN,
					"The token lacks a " + this.claims.tenant() + " or a " + this.claims.subject());
		}
		try {
			return new AgentCredentials(new AgentId(tenant, agent), token.getExpiresAt(), TokenDecoders.keyOf(token));
		}
		catch (IllegalArgumentException ex) {
			throw new ProblemException(Problem.FORBIDDEN, "The token's identity: " + ex.getMessage());
		}
	}

	/** Notes the agent that a checked token names, even if the agent may not connect. */
	private static void noteAgent(Grant grant, ServerHttpRequest handshake) {
		String tenant = grant.tenant();
		String agent = grant.subject();
		if (tenant != null && agent != null && AgentId.isIdentifier(tenant) && AgentId.isIdentifier(agent)) {
			CertainAgent.note(handshake, new AgentId(tenant, agent));
		}
	}

}

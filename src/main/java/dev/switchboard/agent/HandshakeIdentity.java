package dev.switchboard.agent;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

import dev.switchboard.json.Envelope;
import dev.switchboard.protocol.AgentId;

import org.jspecify.annotations.Nullable;

/**
 * The headers by which one handshake identifies the agent.
 *
 * @param agent the agent, or null if the headers do not name it
 * @param renewable whether the next handshake may have other credentials
 */
record HandshakeIdentity(Map<String, String> headers, @Nullable AgentId agent, boolean renewable) {

	/** The identity of an agent that its TLS certificate names. */
	static final HandshakeIdentity CERTIFIED = new HandshakeIdentity(Map.of(), null, true);

	private static final String AUTHORIZATION = "Authorization";

	private static final String SCHEME = "Bearer ";

	/**
	 * Returns an identity without a credential, which gateways in {@code dev} mode
	 * accept.
	 */
	static HandshakeIdentity claimed(AgentId agent) {
		return new HandshakeIdentity(Map.of("Switchboard-Tenant", agent.tenant(), "Switchboard-Agent", agent.agent()),
				agent, false);
	}

	/**
	 * Returns an identity that a JWT (RFC 7519) proves.
	 * @throws IllegalArgumentException if the token cannot be the value of a header. The
	 * exception's message does not contain the token
	 */
	static HandshakeIdentity bearer(String token) {
		if (token.isEmpty() || !token.chars().allMatch((c) -> c > ' ' && c < 0x7F)) {
			throw new IllegalArgumentException("the token is empty, or has characters that no token has");
		}
		return new HandshakeIdentity(Map.of(AUTHORIZATION, SCHEME + token), agentOf(token), true);
	}

	// Reads the agent that the token names. Only the gateway verifies the token.
	private static @Nullable AgentId agentOf(String token) {
		try {
			Envelope claims = claims(token);
			return new AgentId(claims.string("tenant"), claims.string("sub"));
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	private static Envelope claims(String token) {
		int claims = token.indexOf('.') + 1;
		String encoded = token.substring(claims, token.indexOf('.', claims));
		return Envelope.parse(Base64.getUrlDecoder().decode(encoded.getBytes(StandardCharsets.US_ASCII)));
	}

	/** Returns the token; null if the identity is claimed without one. */
	@Nullable String token() {
		String authorization = this.headers.get(AUTHORIZATION);
		return (authorization != null) ? authorization.substring(SCHEME.length()) : null;
	}

	/**
	 * Returns how long the token is still valid. This machine's clock may be wrong, so it
	 * is never longer than the token's whole life.
	 * @return the time, which is negative after the end; null if there is no token, or if
	 * its {@code exp} cannot be read
	 */
	@Nullable Duration tokenLife(Instant now) {
		String token = token();
		if (token == null) {
			return null;
		}
		try {
			Envelope claims = claims(token);
			long end = claims.integer("exp");
			long left = end - now.getEpochSecond();
			Long issued = claims.optionalInteger("iat");
			return Duration.ofSeconds((issued != null) ? Math.min(left, end - issued) : left);
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	/** Leaves out the headers, which may contain a token. */
	@Override
	public String toString() {
		return "HandshakeIdentity[" + this.agent + "]";
	}

}

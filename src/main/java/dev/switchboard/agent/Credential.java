package dev.switchboard.agent;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

import dev.switchboard.json.Envelope;
import dev.switchboard.protocol.AgentId;

import org.jspecify.annotations.Nullable;

/**
 * What one handshake shows.
 *
 * @param agent whose it is, or null if that cannot be told
 */
record Credential(Map<String, String> headers, @Nullable AgentId agent) {

	/** An identity that is merely claimed, which gateways in {@code dev} mode accept. */
	static Credential claimed(AgentId agent) {
		return new Credential(Map.of("Switchboard-Tenant", agent.tenant(), "Switchboard-Agent", agent.agent()), agent);
	}

	/** A JWT (RFC 7519). */
	static Credential bearer(String token) {
		return new Credential(Map.of("Authorization", "Bearer " + token), agentOf(token));
	}

	// Only the gateway checks a token; this reads whom it names.
	private static @Nullable AgentId agentOf(String token) {
		try {
			int claims = token.indexOf('.') + 1;
			String encoded = token.substring(claims, token.indexOf('.', claims));
			byte[] json = Base64.getUrlDecoder().decode(encoded.getBytes(StandardCharsets.US_ASCII));
			Envelope envelope = Envelope.parse(json);
			return new AgentId(envelope.string("tenant"), envelope.string("sub"));
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	/** Names no secret. */
	@Override
	public String toString() {
		return "Credential[" + this.agent + "]";
	}

}

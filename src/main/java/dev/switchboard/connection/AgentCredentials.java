package dev.switchboard.connection;

import java.time.Instant;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * The identity that a handshake or a fresh token has proved.
 *
 * @param agent the agent
 * @param expiresAt when the credentials expire, which ends the connection; null for never
 * @param key the name of the key that has signed the credentials; null if no key has
 */
public record AgentCredentials(AgentId agent, @Nullable Instant expiresAt, @Nullable String key) {

	/** Makes credentials that no key has signed. */
	public AgentCredentials(AgentId agent, @Nullable Instant expiresAt) {
		this(agent, expiresAt, null);
	}

}

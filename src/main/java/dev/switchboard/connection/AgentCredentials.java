package dev.switchboard.connection;

import java.time.Instant;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * The identity that a handshake has proved.
 *
 * @param agent the agent
 * @param expiresAt when the credentials expire, which ends the connection; null for never
 */
public record AgentCredentials(AgentId agent, @Nullable Instant expiresAt) {
}

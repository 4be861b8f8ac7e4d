package dev.switchboard.connection;

import java.time.Instant;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * Who a handshake has shown to be.
 *
 * @param agent its identity
 * @param expiresAt when the connection ends unless it is refreshed; null for never
 */
public record AgentCredentials(AgentId agent, @Nullable Instant expiresAt) {
}

package dev.switchboard.security;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import dev.switchboard.protocol.AgentId;

/**
 * Who an agent has shown to be.
 *
 * @param agent the agent
 * @param expiresAt when its connection ends with close code 4003, unless it sends a fresh
 * token in time; null for never
 */
public record AgentCredentials(AgentId agent, @Nullable Instant expiresAt) {
}

package dev.switchboard.tenant;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The record that an agent, whatever its credentials say, is not to connect.
 *
 * @param reason why, for people; null if no reason was given
 * @param at when the agent was revoked, by the directory's clock
 * @param by the name of the caller that revoked it
 */
public record Revocation(@Nullable String reason, Instant at, String by) {
}

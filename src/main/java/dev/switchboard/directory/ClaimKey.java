package dev.switchboard.directory;

import dev.switchboard.protocol.AgentId;

/**
 * The facts that tell one claim of a node from its other claims.
 *
 * @param agent the agent
 * @param epoch the epoch of the connection that claimed it
 */
public record ClaimKey(AgentId agent, long epoch) {
}

package dev.switchboard.directory;

import dev.switchboard.protocol.AgentId;

/**
 * Identifies one of the claims of a node.
 *
 * @param agent the agent
 * @param epoch the epoch of the connection that claimed it
 */
public record ClaimKey(AgentId agent, long epoch) {
}

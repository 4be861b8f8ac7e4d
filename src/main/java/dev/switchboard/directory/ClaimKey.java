package dev.switchboard.directory;

import dev.switchboard.protocol.AgentId;

/**
 * What tells a node's claims apart.
 *
 * @param agent the agent
 * @param epoch the epoch of the connection that claimed it
 */
public record ClaimKey(AgentId agent, long epoch) {
}

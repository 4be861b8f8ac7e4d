package dev.switchboard.directory;

import dev.switchboard.protocol.AgentId;

/**
 * An agent that the directory says this node holds.
 *
 * @param agent the agent
 * @param epoch the epoch of the connection that it says
 */
public record ClaimedAgent(AgentId agent, long epoch) {
}

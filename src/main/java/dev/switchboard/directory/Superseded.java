package dev.switchboard.directory;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;

/**
 * A notice for a node: an agent has a newer connection elsewhere, and the node may still
 * have an older one.
 *
 * @param node the node that may have the older connection
 * @param agent the agent
 * @param epoch the newer connection's epoch; the node must close its own connection of
 * the agent if that has a lower epoch
 */
public record Superseded(NodeId node, AgentId agent, long epoch) {
}

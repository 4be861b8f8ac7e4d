package dev.switchboard.directory;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;

/**
 * An agent has a newer connection, and another node may still have an older one.
 *
 * @param node the node that may have the older connection
 * @param agent the agent
 * @param epoch the newer connection's epoch: the node must close any lower one
 */
public record Superseded(NodeId node, AgentId agent, long epoch) {
}

package dev.switchboard.directory;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import dev.switchboard.protocol.NodeId;

/**
 * That a claim has been stored over one of another node, which may have an older
 * connection of the agent open still.
 *
 * @param owner the node that held the agent before
 * @param agent the agent
 * @param connection the newer connection
 * @param epoch the newer connection's epoch: the owner is to close any that is lower
 */
public record Displaced(NodeId owner, AgentId agent, ConnectionId connection, long epoch) {
}

package dev.switchboard.rebalance;

import dev.switchboard.protocol.NodeId;

/**
 * Agents that have to move from one node to another, so that the nodes become level.
 *
 * @param agents how many
 */
public record Move(NodeId from, NodeId to, int agents) {
}

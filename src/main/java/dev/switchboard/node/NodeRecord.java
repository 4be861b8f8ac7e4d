package dev.switchboard.node;

import java.time.Duration;
import java.time.Instant;

import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * A node as the directory knows it.
 *
 * @param id the node
 * @param host where other nodes reach it
 * @param port its forwarding port there
 * @param agentUrl where agents reach this node by itself, if they can
 * @param state what it was last known to be
 * @param connections how many it held at its last heartbeat
 * @param capacity how many it takes
 * @param lastHeartbeat by the directory's clock
 * @param lease it is dead when it was not heard of for this long
 */
public record NodeRecord(NodeId id, String host, int port, @Nullable String agentUrl, NodeState state, int connections,
		int capacity, Instant lastHeartbeat, Duration lease) {
}

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
 * @param state its state, as far as is known
 * @param connections how many connections it held at its last heartbeat
 * @param capacity how many connections it takes
 * @param lastHeartbeat the time of that, by the directory's clock
 * @param lease how long after a heartbeat it is taken to be dead
 */
public record NodeRecord(NodeId id, String host, int port, @Nullable String agentUrl, NodeState state, int connections,
		int capacity, Instant lastHeartbeat, Duration lease) {
}

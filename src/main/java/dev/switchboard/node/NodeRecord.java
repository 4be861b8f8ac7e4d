package dev.switchboard.node;

import java.time.Duration;
import java.time.Instant;

import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * A node as the directory knows it.
 *
 * @param id the node
 * @param host the host at which other nodes reach it
 * @param port its forwarding port on that host
 * @param agentUrl the URL at which agents reach this node and no other; null if there is
 * none
 * @param state its state, as far as the directory knows it
 * @param connections how many connections it held at its last heartbeat
 * @param capacity the most connections that it takes
 * @param lastHeartbeat the time of its last heartbeat, by the directory's clock
 * @param lease the time after its last heartbeat at which it counts as dead
 */
public record NodeRecord(NodeId id, String host, int port, @Nullable String agentUrl, NodeState state, int connections,
		int capacity, Instant lastHeartbeat, Duration lease) {
}

package dev.switchboard.node;

import java.util.function.IntSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What this node says of itself to the other nodes. The suppliers are asked when the node
 * registers and at each heartbeat, on any thread.
 *
 * @param forwardingPort the port at which other nodes reach this one
 * @param agentUrl where agents reach this node by itself, if they can
 * @param connections how many connections it holds
 * @param state whether it takes connections
 */
public record NodeStatus(IntSupplier forwardingPort, @Nullable String agentUrl, IntSupplier connections,
		Supplier<NodeState> state) {
}

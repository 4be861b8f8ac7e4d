package dev.switchboard.node;

import java.util.function.IntSupplier;

import org.jspecify.annotations.Nullable;

/**
 * The facts that this node publishes about itself. The suppliers are called when the node
 * registers and at each heartbeat, on any thread.
 *
 * @param forwardingPort the port at which other nodes reach this node
 * @param wire the version of the protocol between nodes that this node speaks
 * @param agentUrl the URL at which agents reach this node and no other; null if there is
 * none
 * @param connections how many connections this node has
 * @param version the version of this build
 * @param handshakeRate the number of handshakes that this node accepts in a second at
 * present; 0 if it takes no agents
 */
public record NodeStatus(IntSupplier forwardingPort, int wire, @Nullable String agentUrl, IntSupplier connections,
		String version, IntSupplier handshakeRate) {
}

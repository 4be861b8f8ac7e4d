package dev.switchboard.rebalance;

import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

import dev.switchboard.node.NodeRecord;
import dev.switchboard.protocol.NodeId;
import reactor.core.publisher.Mono;

/**
 * This node, as a rebalance sees it. Thread-safe.
 *
 * @param self this node
 * @param handshakeRate how many handshakes this node accepts in a second
 * @param listing lists all nodes
 * @param isWithinLease whether the lease of a node is not over
 * @param connections counts the connections of this node
 * @param publisher publishes how many connections this node has
 * @param takesAgents whether this node takes handshakes
 * @param congested whether claims wait for the directory
 * @param draining whether this node drains
 * @param clock the directory's clock
 */
record RebalancedNode(NodeId self, int handshakeRate, Supplier<Mono<List<NodeRecord>>> listing,
		Predicate<NodeRecord> isWithinLease, IntSupplier connections, Supplier<Mono<Void>> publisher,
		BooleanSupplier takesAgents, BooleanSupplier congested, BooleanSupplier draining, Supplier<Instant> clock) {

	/**
	 * Plans how the agents of all nodes would be divided, with the present number of
	 * connections of this node.
	 */
	Mono<RebalancePlan> plan() {
		return Mono.defer(this.listing).map((nodes) -> {
			List<NodeRecord> present = nodes.stream().map(this::present).toList();
			return RebalancePlan.of(present, this.isWithinLease).orDrain(this.draining.getAsBoolean());
		});
	}

	private NodeRecord present(NodeRecord node) {
		return node.id().equals(this.self)
				? new NodeRecord(node.id(), node.host(), node.port(), node.agentUrl(), node.state(),
						this.connections.getAsInt(), node.capacity(), node.lastHeartbeat(), node.lease(), node.traits())
				: node;
	}

	/** Publishes the number of connections. If that fails, the next heartbeat does it. */
	Mono<Void> publish() {
		return Mono.defer(this.publisher).onErrorComplete();
	}

}

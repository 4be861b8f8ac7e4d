package dev.switchboard.drain;

import java.util.List;
import java.util.function.Predicate;

import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.Chance;
import org.jspecify.annotations.Nullable;

/**
 * The nodes to which agents can move. Immutable.
 *
 * @param nodes the nodes that are up; empty if there are none, or if they are not known
 * @param known whether the directory has listed the nodes
 * @param ownRate the handshake rate of this node; also assumed for nodes that do not
 * publish theirs
 */
record Destinations(List<NodeRecord> nodes, boolean known, int ownRate) {

	/**
	 * Returns the nodes that are up, without this one.
	 * @param isWithinLease whether the lease of a node is not over
	 */
	static Destinations among(List<NodeRecord> nodes, NodeId self, Predicate<NodeRecord> isWithinLease, int ownRate) {
		return new Destinations(nodes.stream()
			.filter((node) -> node.state() == NodeState.UP && !node.id().equals(self) && isWithinLease.test(node))
			.toList(), true, ownRate);
	}

	/** Returns the destinations when the directory does not answer. */
	static Destinations unknown(int ownRate) {
		return new Destinations(List.of(), false, ownRate);
	}

	/** Returns those of the nodes that take agents at present. */
	Destinations takingAgents() {
		return new Destinations(this.nodes.stream().filter(Destinations::takesAgents).toList(), this.known,
				this.ownRate);
	}

	/** Whether a node takes agents. An overloaded node publishes that it takes none. */
	private static boolean takesAgents(NodeRecord node) {
		return node.traits().handshakeRateOr(1) > 0;
	}

	/** Whether it is certain that agents have nowhere to go. */
	boolean areNone() {
		return this.known && this.nodes.isEmpty();
	}

	/** Returns how many handshakes the nodes accept in a second, all together. */
	double handshakeRate() {
		int rate = this.nodes.stream().mapToInt((node) -> node.traits().handshakeRateOr(this.ownRate)).sum();
		return Math.max(rate, this.nodes.isEmpty() ? this.ownRate : 1);
	}

	/**
	 * Draws a node, and returns that node's own URL for agents; null if the node has
	 * none, or if no node takes agents. Nodes with more free capacity are drawn more
	 * often.
	 */
	@Nullable String drawUrl(Chance chance) {
		NodeRecord node = chance.draw(this.nodes, Destinations::room);
		return (node != null) ? node.agentUrl() : null;
	}

	// A full node counts a little, since all nodes may be full.
	private static long room(NodeRecord node) {
		return takesAgents(node) ? Math.max(1, node.capacity() - node.connections()) : 0;
	}

}

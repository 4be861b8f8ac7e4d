package dev.switchboard.rebalance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * How the agents of all nodes would be divided evenly. Every node makes the same plan
 * from the same list of nodes, so no node has to lead the others. Immutable.
 * <p>
 * All nodes get the same number of agents, except those whose capacity is too small for
 * it.
 *
 * @param shares the nodes that take part: those that are up
 * @param mean how many connections a node has on average
 * @param drain whether a node drains and still has agents. Then nothing is to be moved,
 * since these agents change the counts
 */
record RebalancePlan(List<Share> shares, double mean, boolean drain) {

	/**
	 * Smaller differences do not count: it does no good to move so few agents.
	 */
	private static final int FEW = 10;

	/** The part of its capacity up to which a node is filled. */
	private static final double FULL = 0.95;

	/**
	 * Makes the plan.
	 * @param nodes all nodes
	 * @param isWithinLease whether the lease of a node is not over
	 */
	static RebalancePlan of(List<NodeRecord> nodes, Predicate<NodeRecord> isWithinLease) {
		List<NodeRecord> live = nodes.stream().filter(isWithinLease).toList();
		List<NodeRecord> up = live.stream().filter((node) -> node.state() == NodeState.UP).toList();
		double level = level(up);
		return new RebalancePlan(
				up.stream().map((node) -> new Share(node, Math.min(level, usableCapacity(node)))).toList(),
				up.stream().mapToInt(NodeRecord::connections).average().orElse(0),
				live.stream().anyMatch((node) -> node.state() == NodeState.DRAINING && node.connections() > 0));
	}

	/**
	 * Returns one number of connections for all nodes that have the capacity for it.
	 * Nodes with less capacity are filled, and the other nodes share the rest equally.
	 */
	private static double level(List<NodeRecord> nodes) {
		List<NodeRecord> smallestFirst = nodes.stream()
			.sorted(Comparator.comparingDouble(RebalancePlan::usableCapacity))
			.toList();
		double rest = nodes.stream().mapToInt(NodeRecord::connections).sum();
		int left = nodes.size();
		for (NodeRecord node : smallestFirst) {
			if (usableCapacity(node) * left >= rest) {
				return rest / left;
			}
			rest -= usableCapacity(node);
			left--;
		}
		return Double.MAX_VALUE;
	}

	private static double usableCapacity(NodeRecord node) {
		return Math.floor(node.capacity() * FULL);
	}

	/** Returns the same plan if this node drains, too. */
	RebalancePlan orDrain(boolean draining) {
		return new RebalancePlan(this.shares, this.mean, this.drain || draining);
	}

	/** Returns the share of a node; null if the node takes no part. */
	@Nullable Share of(NodeId node) {
		return this.shares.stream().filter((share) -> share.node().id().equals(node)).findFirst().orElse(null);
	}

	/** Returns how many connections all nodes have together. */
	int total() {
		return this.shares.stream().mapToInt((share) -> share.node().connections()).sum();
	}

	/** Returns how many agents all nodes have to give away. */
	int surplus() {
		return this.shares.stream().mapToInt(Share::surplus).sum();
	}

	/**
	 * Returns the largest difference of a node from its level, as a part of the mean; 0
	 * if no node differs by more than a few agents, or if no agent has to move.
	 */
	double spread() {
		double most = this.shares.stream().mapToDouble((share) -> Math.abs(share.difference())).max().orElse(0);
		return (surplus() > 0 && most >= FEW) ? most / this.mean : 0;
	}

	/**
	 * Whether no node differs from its level by more than this part of the mean, or no
	 * agent has to move.
	 */
	boolean isLevel(double tolerance) {
		double most = tolerance * this.mean;
		return surplus() == 0 || this.shares.stream().allMatch((share) -> Math.abs(share.difference()) <= most);
	}

	/** Returns the nodes that have too few agents. */
	List<Share> receivers() {
		return this.shares.stream().filter((share) -> share.room() > 0).toList();
	}

	/** Returns the moves that would make the nodes level. */
	List<Move> moves() {
		List<Move> moves = new ArrayList<>();
		List<Share> receivers = receivers();
		int[] room = receivers.stream().mapToInt(Share::room).toArray();
		for (Share from : this.shares) {
			int surplus = from.surplus();
			for (int i = 0; i < room.length && surplus > 0; i++) {
				int agents = Math.min(surplus, room[i]);
				if (agents > 0) {
					moves.add(new Move(from.node().id(), receivers.get(i).node().id(), agents));
					room[i] -= agents;
					surplus -= agents;
				}
			}
		}
		return List.copyOf(moves);
	}

	/** Describes the connections of the nodes, for the log. */
	@Override
	public String toString() {
		String counts = this.shares.stream()
			.map((share) -> Integer.toString(share.node().connections()))
			.collect(Collectors.joining(", "));
		return counts + " connections, " + Math.round(this.mean) + " on average";
	}

}

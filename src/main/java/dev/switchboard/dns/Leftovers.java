package dev.switchboard.dns;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.TimeSource;

/**
 * Finds the entries in the pool whose nodes no longer exist. An entry is left over if its
 * node was declared dead, or if the directory has listed its node before and has not
 * listed it for two leases. The entry of a node that this node's directory has never
 * listed is never left over, since that node may be of another cluster, or the directory
 * may have forgotten it. Not thread-safe.
 */
final class Leftovers {

	private final NodeId self;

	private final long patienceNanos;

	private final TimeSource time;

	/** When the directory last listed each node as alive. */
	private final Map<NodeId, Long> members = new HashMap<>();

	Leftovers(NodeId self, Duration lease, TimeSource time) {
		this.self = self;
		this.patienceNanos = lease.multipliedBy(2).toNanos();
		this.time = time;
	}

	/**
	 * Returns the entries that are left over.
	 * @param entries the entries of the pool
	 * @param nodes the nodes as the directory has just listed them
	 */
	List<PoolEntry> among(List<PoolEntry> entries, List<NodeRecord> nodes) {
		long now = this.time.nanoTime();
		Set<NodeId> alive = alive(nodes);
		Set<NodeId> dead = nodes.stream().map(NodeRecord::id).collect(Collectors.toCollection(HashSet::new));
		dead.removeAll(alive);
		alive.forEach((node) -> this.members.put(node, now));
		Set<NodeId> known = entries.stream().map(PoolEntry::node).collect(Collectors.toSet());
		this.members.keySet().removeIf((node) -> !alive.contains(node) && !known.contains(node));
		return entries.stream()
			.filter((entry) -> !entry.node().equals(this.self))
			.filter((entry) -> dead.contains(entry.node())
					|| (!alive.contains(entry.node()) && isLongGone(entry.node(), now)))
			.toList();
	}

	/** Returns the nodes that are not dead. */
	static Set<NodeId> alive(List<NodeRecord> nodes) {
		return nodes.stream()
			.filter((node) -> node.state() != NodeState.DEAD)
			.map(NodeRecord::id)
			.collect(Collectors.toSet());
	}

	private boolean isLongGone(NodeId node, long now) {
		Long last = this.members.get(node);
		return last != null && now - last > this.patienceNanos;
	}

}

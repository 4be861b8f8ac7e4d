package dev.switchboard.node;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.Attendance;
import dev.switchboard.time.TimeSource;

/**
 * Watches the heartbeats of the other nodes. A node is gone if this node has seen that
 * node's heartbeat stand still for a whole lease, by this node's own monotonic clock and
 * without a break. The times in the directory are compared only for equality, so a step
 * of the database's clock has no effect. If the database was away, or if this node was
 * stopped for a while, other nodes may have been unable to send heartbeats too. So all
 * watching then begins anew. Only one heartbeat at a time calls {@link #look}; any thread
 * may call {@link #interrupt}.
 */
final class NodeWatch {

	private final NodeId self;

	private final Duration lease;

	private final Attendance attendance;

	private final TimeSource time;

	private Map<NodeId, Watched> watched = Map.of();

	private long lastLook;

	private volatile boolean broken;

	/** A node's heartbeat, and the time since which this node has seen it unchanged. */
	private record Watched(Instant heartbeat, long sinceNanos) {
	}

	/**
	 * Makes a watch that has not looked yet.
	 * @param lease this node's own lease; two looks are a third of it apart
	 */
	NodeWatch(NodeId self, Duration lease, TimeSource time) {
		this.self = self;
		this.lease = lease;
		this.attendance = new Attendance(lease.multipliedBy(2).dividedBy(3), time.nanoTime());
		this.time = time;
		this.lastLook = time.nanoTime();
	}

	/** Makes all watching begin anew. Called when a heartbeat of this node has failed. */
	void interrupt() {
		this.broken = true;
	}

	/**
	 * Looks at all nodes.
	 * @param nodes the nodes as the directory has just listed them
	 * @param asked the {@link TimeSource#nanoTime} at which the list was asked for
	 * @return the nodes whose heartbeats have stood still for longer than their own lease
	 * and for longer than this node's lease
	 */
	List<NodeRecord> look(List<NodeRecord> nodes, long asked) {
		long now = this.time.nanoTime();
		if (this.attendance.wasAway(this.lastLook, now) || this.broken) {
			this.broken = false;
			this.watched = Map.of();
		}
		this.lastLook = now;
		Map<NodeId, Watched> seen = new HashMap<>();
		nodes.stream()
			.filter((node) -> !node.id().equals(this.self) && node.state() != NodeState.DEAD)
			.forEach((node) -> seen.put(node.id(), watched(node, now)));
		this.watched = seen;
		return nodes.stream().filter((node) -> isGone(node, asked)).toList();
	}

	private Watched watched(NodeRecord node, long now) {
		Watched before = this.watched.get(node.id());
		return (before != null && before.heartbeat().equals(node.lastHeartbeat())) ? before
				: new Watched(node.lastHeartbeat(), now);
	}

	private boolean isGone(NodeRecord node, long asked) {
		Watched since = this.watched.get(node.id());
		Duration longer = (node.lease().compareTo(this.lease) > 0) ? node.lease() : this.lease;
		return since != null && asked - since.sinceNanos() > longer.toNanos();
	}

}

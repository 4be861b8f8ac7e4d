package dev.switchboard.routing;

import java.time.Instant;

import dev.switchboard.node.NodeRecord;
import org.jspecify.annotations.Nullable;

/**
 * An agent's location, as the directory knew it. Immutable.
 *
 * @param node the other node that holds the agent; null while no other node does
 * @param epoch the epoch of the agent's latest connection
 * @param lastSeen when that connection ended, or, while it lasts, when it was made
 * @param readNanos when the directory was read, by the monotonic clock
 */
record Location(@Nullable NodeRecord node, long epoch, Instant lastSeen, long readNanos) {

	/**
	 * Whether this is the location that has just failed: the same node, and no connection
	 * newer than the node knows of.
	 * @param earlier the location that failed
	 * @param attempt how it failed
	 */
	boolean isSameDeadEnd(Location earlier, Attempt<?> attempt) {
		if (this.node == null || earlier.node == null || !this.node.id().equals(earlier.node.id())) {
			return false;
		}
		return !(attempt instanceof Attempt.NotHere<?> notHere)
				|| this.epoch <= Math.max(earlier.epoch, notHere.epoch());
	}

}

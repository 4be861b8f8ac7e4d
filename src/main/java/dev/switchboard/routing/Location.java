package dev.switchboard.routing;

import java.time.Instant;

import dev.switchboard.node.NodeRecord;
import org.jspecify.annotations.Nullable;

/**
 * The location of an agent when the directory was read. Immutable.
 *
 * @param node the other node that holds the agent; null if no other node holds it
 * @param epoch the epoch of the agent's latest connection
 * @param lastSeen when that connection ended or, while it lasts, when it was made
 * @param readNanos when the directory was read, by the monotonic clock
 */
record Location(@Nullable NodeRecord node, long epoch, Instant lastSeen, long readNanos) {

	/**
	 * Whether a verb would fail at this location as it has just failed at an earlier one.
	 * It would if both locations name the same node, and if that node either could not be
	 * reached, or has already begun to close the connection that this location names.
	 * @param earlier the location at which the verb has failed
	 * @param attempt how the verb has failed there
	 */
	boolean isSameDeadEnd(Location earlier, Attempt<?> attempt) {
		if (this.node == null || earlier.node == null || !this.node.id().equals(earlier.node.id())) {
			return false;
		}
		return !(attempt instanceof Attempt.NotHere<?> notHere)
				|| this.epoch <= Math.max(earlier.epoch, notHere.epoch());
	}

}

package dev.switchboard.routing;

import java.time.Instant;

import dev.switchboard.node.NodeRecord;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * Where the directory said that an agent is.
 *
 * @param node that holds it; null while it is offline
 * @param epoch of its latest connection
 * @param lastSeen when that ended, or, while it lasts, when it was made
 * @param readNanos {@link System#nanoTime()} when the directory said so
 */
record Location(@Nullable NodeRecord node, long epoch, Instant lastSeen, long readNanos) {

	/** Whether a node holds it, other than this one. */
	boolean isElsewhere(NodeId self) {
		return this.node != null && !this.node.id().equals(self);
	}

	/**
	 * Whether asking there again is in vain for one who was just told otherwise.
	 * @param earlier where it was not, or could not be reached
	 * @param failure what was told there
	 */
	boolean isInVain(Location earlier, ForwardException failure) {
		if (this.node == null || earlier.node == null || !this.node.id().equals(earlier.node.id())) {
			return false;
		}
		return failure.reason() != ForwardException.Reason.NOT_HERE
				|| this.epoch <= Math.max(earlier.epoch, failure.epoch());
	}

}

package dev.switchboard.call;

import java.time.Instant;

import dev.switchboard.database.Sha256;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * An asynchronous or keyed call as the directory knows it.
 *
 * @param id the call
 * @param agent who it is for
 * @param caller who made it
 * @param key its idempotency key, if it has one
 * @param bodyHash what its request's body hashed to
 * @param node the node that runs or ran it
 * @param nodeGone whether that node is dead or has left; so seems a node of which the
 * directory has not heard yet, so ask this of other nodes only
 * @param outcome what it ended with, as JSON; null while it is pending
 * @param created when it was recorded, by the directory's clock
 * @param expires when it is forgotten
 */
public record CallRecord(CallId id, AgentId agent, String caller, @Nullable String key, Sha256 bodyHash, NodeId node,
		boolean nodeGone, @Nullable Payload outcome, Instant created, Instant expires) {

	/** Whether it has not ended. */
	public boolean pending() {
		return this.outcome == null;
	}

}

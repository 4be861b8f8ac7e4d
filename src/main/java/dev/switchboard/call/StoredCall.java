package dev.switchboard.call;

import java.time.Instant;

import dev.switchboard.database.Sha256;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * A recorded call as the directory has it.
 *
 * @param id the call
 * @param agent the agent that it is for
 * @param caller who made it
 * @param key its idempotency key, if it has one
 * @param bodyHash the hash of its request's body
 * @param node the node that runs or ran it
 * @param nodeGone whether that node is dead or has left. It is also true for a node that
 * is not in the directory yet, so a node does not use it for calls of its own
 * @param outcome the outcome as JSON; null while the call is pending
 * @param created when it was recorded, by the directory's clock
 * @param expires when the directory drops it
 */
public record StoredCall(CallId id, AgentId agent, String caller, @Nullable String key, Sha256 bodyHash, NodeId node,
		boolean nodeGone, @Nullable Payload outcome, Instant created, Instant expires) {

	/** Whether the directory has no outcome of it yet. */
	public boolean pending() {
		return this.outcome == null;
	}

}

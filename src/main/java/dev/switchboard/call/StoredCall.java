package dev.switchboard.call;

import java.time.Duration;
import java.time.Instant;

import dev.switchboard.database.Sha256;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * The record of a call in the directory.
 *
 * @param id the call's id
 * @param agent the agent that is called
 * @param caller the name of the caller
 * @param key the call's idempotency key; null if it has none
 * @param bodyHash the hash of the request's body
 * @param node the node that runs or ran the call
 * @param nodeGone whether that node is dead or not in the directory. A node that has not
 * registered yet is not in the directory either, so a node ignores this value for its own
 * calls
 * @param outcome the call's resource; null while the call is pending
 * @param created when the call was recorded, by the directory's clock
 * @param expires when the record expires, by the directory's clock
 */
public record StoredCall(CallId id, AgentId agent, String caller, @Nullable String key, Sha256 bodyHash, NodeId node,
		boolean nodeGone, @Nullable Payload outcome, Instant created, Instant expires) {

	/** Whether the directory does not have the outcome yet. */
	public boolean pending() {
		return this.outcome == null;
	}

	/**
	 * Returns the record with another time until it expires.
	 * @param keep the time from the recording on, in whole milliseconds
	 */
	StoredCall kept(Duration keep) {
		return new StoredCall(this.id, this.agent, this.caller, this.key, this.bodyHash, this.node, this.nodeGone,
				this.outcome, this.created, this.created.plusMillis(keep.toMillis()));
	}

}

package dev.switchboard.directory;

import java.time.Instant;

import dev.switchboard.node.NodeRecord;
import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * An agent as the directory knows it.
 *
 * @param claim its latest claim
 * @param node the node that holds it, and where that is reached; null while the agent is
 * offline
 * @param lastSeen when its latest connection ended, or, while it lasts, when it was made
 * @param streak how its connections from different hosts superseded each other
 */
public record AgentRecord(Claim claim, @Nullable NodeRecord node, Instant lastSeen, SupersedeStreak streak) {

	public AgentId agent() {
		return this.claim.agent();
	}

	/** The epoch of its latest connection. */
	public long epoch() {
		return this.claim.epoch();
	}

	/** Whether a node that is not known to be dead holds it. */
	public boolean online() {
		return this.node != null;
	}

}

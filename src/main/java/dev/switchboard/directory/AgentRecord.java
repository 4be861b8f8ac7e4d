package dev.switchboard.directory;

import java.time.Instant;

import dev.switchboard.node.NodeRecord;
import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * An agent as the directory knows it.
 *
 * @param claim the agent's latest claim
 * @param node the node that holds the agent; null while the agent is offline
 * @param lastSeen when the latest connection ended or, while the connection lasts, when
 * it was made
 * @param streak how often in a row a connection of the agent was still alive when a newer
 * one superseded it
 * @param lastClose how a connection of the agent ended: the last end that is known; null
 * if none is known
 */
public record AgentRecord(Claim claim, @Nullable NodeRecord node, Instant lastSeen, SupersedeStreak streak,
		@Nullable LastClose lastClose) {

	/**
	 * Corrects a {@code lastSeen} from before the connection was made. The agents of a
	 * dead node are stored as last seen at the node's last heartbeat, and an agent may
	 * have connected after that heartbeat.
	 */
	public AgentRecord {
		lastSeen = claim.notBefore(lastSeen);
	}

	/** Makes a record without a {@code lastClose}. */
	public AgentRecord(Claim claim, @Nullable NodeRecord node, Instant lastSeen, SupersedeStreak streak) {
		this(claim, node, lastSeen, streak, null);
	}

	public AgentId agent() {
		return this.claim.agent();
	}

	/** Returns the epoch of the agent's latest connection. */
	public long epoch() {
		return this.claim.epoch();
	}

	/**
	 * Whether the agent belongs in a list.
	 * @param wanted true in a list of agents that are online, false in one of those that
	 * are not, null in a list of all
	 */
	public boolean isWanted(@Nullable Boolean wanted) {
		return wanted == null || wanted == online();
	}

	/** Whether a node that is not known to be dead holds the agent. */
	public boolean online() {
		return this.node != null;
	}

}

package dev.switchboard.routing;

import java.time.Instant;

import dev.switchboard.directory.Claim;
import dev.switchboard.directory.LastClose;
import dev.switchboard.label.AgentDescription;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * Whether and where an agent is connected.
 *
 * @param claim the agent's latest connection
 * @param node the node that holds the agent; null while it is offline
 * @param lastSeen for an agent of this node, when it last sent anything; for any other
 * agent, when its latest connection ended or, while that connection lasts, when the
 * connection was made
 * @param flapping whether connections of the agent are superseded again and again while
 * they are alive
 * @param lastClose how the latest connection ended; null while the connection lasts, or
 * if its end is not known
 * @param description the agent's description of itself; {@link AgentDescription#NONE} if
 * it is not known
 */
public record AgentPresence(Claim claim, @Nullable NodeId node, Instant lastSeen, boolean flapping,
		@Nullable LastClose lastClose, AgentDescription description) {

	/**
	 * Takes the time of the handshake as {@code lastSeen}, if {@code lastSeen} is earlier
	 * because a clock was set back.
	 */
	public AgentPresence {
		lastSeen = claim.notBefore(lastSeen);
	}

	/** Returns the same presence with a description. */
	AgentPresence describedAs(AgentDescription other) {
		return new AgentPresence(this.claim, this.node, this.lastSeen, this.flapping, this.lastClose, other);
	}

}

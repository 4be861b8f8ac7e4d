package dev.switchboard.directory;

import java.time.Instant;

import dev.switchboard.node.NodeRecord;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import org.jspecify.annotations.Nullable;

/**
 * An agent as the directory knows it, with the latest connection that claimed it.
 *
 * @param agent the agent
 * @param node the node that holds it, and where that is reached; null while the agent is
 * offline
 * @param connection its latest connection
 * @param epoch that connection's epoch
 * @param connectedAt when that connection was made
 * @param lastSeen when that connection ended, or, while it lasts, when it was made
 * @param remoteAddress where that connection came from
 * @param supersessions how connections of it from other hosts superseded each other
 */
public record AgentRecord(AgentId agent, @Nullable NodeRecord node, ConnectionId connection, long epoch,
		Instant connectedAt, Instant lastSeen, @Nullable String remoteAddress, Supersessions supersessions) {

	/** Whether a node that is not known to be dead holds it. */
	public boolean online() {
		return this.node != null;
	}

}

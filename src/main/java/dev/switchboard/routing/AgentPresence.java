package dev.switchboard.routing;

import java.time.Instant;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * An agent's presence.
 *
 * @param agent the agent
 * @param node the node that holds it; null while it is offline
 * @param connection its latest connection
 * @param epoch that connection's epoch
 * @param connectedAt when that connection was made
 * @param lastSeen when the agent last sent anything, as far as is known
 * @param remoteAddress the address that the connection came from
 * @param flapping whether connections from several hosts keep superseding each other
 */
public record AgentPresence(AgentId agent, @Nullable NodeId node, ConnectionId connection, long epoch,
		Instant connectedAt, Instant lastSeen, @Nullable String remoteAddress, boolean flapping) {
}

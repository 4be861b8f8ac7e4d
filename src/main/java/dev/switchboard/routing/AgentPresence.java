package dev.switchboard.routing;

import java.time.Instant;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an agent.
 *
 * @param agent the agent
 * @param node that holds it; null while it is offline
 * @param connection its latest connection
 * @param epoch that connection's epoch
 * @param connectedAt when that connection was made
 * @param lastSeen when anything last came from it, as far as is known
 * @param remoteAddress where that connection came from
 * @param flapping whether connections of it from several hosts keep superseding each
 * other
 */
public record AgentPresence(AgentId agent, @Nullable NodeId node, ConnectionId connection, long epoch,
		Instant connectedAt, Instant lastSeen, @Nullable String remoteAddress, boolean flapping) {
}

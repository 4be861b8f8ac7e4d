package dev.switchboard.directory;

import java.time.Instant;

import dev.switchboard.node.DirectoryClock;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import org.jspecify.annotations.Nullable;

/**
 * That a connection of this node holds an agent.
 *
 * @param agent the agent
 * @param connection the connection; it tells apart two claims of one epoch that were made
 * on two nodes
 * @param epoch as {@link DirectoryClock#nextEpoch} gave it at the handshake
 * @param connectedAt when the handshake was, by {@link DirectoryClock#now}
 * @param remoteAddress where the agent connects from
 */
public record Claim(AgentId agent, ConnectionId connection, long epoch, Instant connectedAt,
		@Nullable String remoteAddress) {
}

package dev.switchboard.directory;

import java.time.Instant;

import dev.switchboard.node.DirectoryClock;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import org.jspecify.annotations.Nullable;

/**
 * A connection that holds an agent, or held it last.
 *
 * @param agent the agent
 * @param connection the connection; two nodes may give one epoch, but never one id
 * @param epoch as {@link DirectoryClock#nextEpoch} gave it at the handshake
 * @param connectedAt the time of the handshake, by {@link DirectoryClock#now}
 * @param remoteAddress where the agent connects from
 */
public record Claim(AgentId agent, ConnectionId connection, long epoch, Instant connectedAt,
		@Nullable String remoteAddress) {
}

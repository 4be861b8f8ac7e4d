package dev.switchboard.directory;

import java.time.Instant;

import dev.switchboard.node.DirectoryClock;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import org.jspecify.annotations.Nullable;

/**
 * The record that a connection holds an agent, or was the last to hold it.
 *
 * @param agent the agent
 * @param connection the connection's id, which is unique; two nodes may give the same
 * epoch
 * @param epoch the connection's epoch: from {@link DirectoryClock#nextEpoch} at the
 * handshake, or the one in the directory, which may be higher
 * @param connectedAt the time of the handshake, by {@link DirectoryClock#now}
 * @param remoteAddress the address that the agent connects from; null if it is not known
 */
public record Claim(AgentId agent, ConnectionId connection, long epoch, Instant connectedAt,
		@Nullable String remoteAddress) {

	/**
	 * Returns the time at which the agent was last seen, or the time of the handshake if
	 * that is later: an agent that has connected was seen then.
	 */
	public Instant notBefore(Instant lastSeen) {
		return lastSeen.isBefore(this.connectedAt) ? this.connectedAt : lastSeen;
	}

}

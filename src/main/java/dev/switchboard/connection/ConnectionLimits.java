package dev.switchboard.connection;

/**
 * What every connection of this node is held to.
 *
 * @param maxInFlight calls that may wait on one connection
 * @param maxFrameBytes the largest message, either way
 * @param maxQueuedBytes what may wait for a slow agent
 * @param heartbeatNanos the silence after which the gateway pings
 */
public record ConnectionLimits(int maxInFlight, long maxFrameBytes, long maxQueuedBytes, long heartbeatNanos) {

	public static ConnectionLimits of(ConnectionSettings agent, InFlightSettings inFlight) {
		return new ConnectionLimits(inFlight.maxInFlightPerAgent(), agent.maxFrameBytes(), agent.maxQueued().toBytes(),
				agent.heartbeat().toNanos());
	}

}

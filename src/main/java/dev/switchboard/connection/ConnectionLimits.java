package dev.switchboard.connection;

/**
 * The limits of every connection to this node.
 *
 * @param maxInFlight the number of calls that may wait on one connection at a time
 * @param maxFrameBytes the largest message in bytes, in either direction
 * @param maxQueuedBytes the bytes that may wait for a slow agent
 * @param heartbeatNanos the silence after which the gateway pings, in nanoseconds
 */
record ConnectionLimits(int maxInFlight, long maxFrameBytes, long maxQueuedBytes, long heartbeatNanos) {

	static ConnectionLimits of(ConnectionSettings agent, InFlightSettings inFlight) {
		return new ConnectionLimits(inFlight.maxInFlightPerAgent(), agent.maxFrameBytes(), agent.maxQueued().toBytes(),
				agent.heartbeat().toNanos());
	}

}

package dev.switchboard.drain;

import java.time.Duration;

import dev.switchboard.handshake.HandshakeObstacle;

/**
 * Refuses all handshakes while this node drains. Thread-safe.
 *
 * @param drain the drain of this node
 */
record DrainObstacle(Drain drain) implements HandshakeObstacle {

	/**
	 * It is short, because other nodes have room for the agents, and their old
	 * connections end with the drain.
	 */
	private static final Duration RETRY_WITHIN = Duration.ofSeconds(5);

	@Override
	public boolean isThere() {
		return this.drain.isDraining();
	}

	@Override
	public Duration retryWithin() {
		return RETRY_WITHIN;
	}

}

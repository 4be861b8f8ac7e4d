package dev.switchboard.handshake;

import java.time.Duration;

import dev.switchboard.time.TimeSource;

/**
 * A token bucket that holds at most the tokens of one second. It counts the handshakes
 * that it refuses, to know how long it needs for them. The refused agents are told to
 * return within that time. Thread-safe.
 */
final class TokenBucket {

	/**
	 * The shortest time over which refused agents return, so that a small group does not
	 * return together.
	 */
	private static final double SHORTEST_SPREAD_SECONDS = 10;

	private static final double LONGEST_SPREAD_SECONDS = 300;

	/**
	 * The factor by which the refused agents return more slowly than the tokens allow. So
	 * tokens are left for agents that come for the first time.
	 */
	private static final double SLACK = 1.5;

	private final int ratePerSecond;

	private final TimeSource time;

	private double tokens;

	/**
	 * The number of refused handshakes, minus those that could have been admitted since.
	 */
	private double refused;

	private long refilledAt;

	TokenBucket(int ratePerSecond, TimeSource time) {
		this.ratePerSecond = ratePerSecond;
		this.time = time;
		this.tokens = ratePerSecond;
		this.refilledAt = time.nanoTime();
	}

	synchronized boolean tryTake() {
		refill();
		if (this.tokens < 1) {
			this.refused++;
			return false;
		}
		this.tokens--;
		return true;
	}

	private void refill() {
		long now = this.time.nanoTime();
		double added = (now - this.refilledAt) / 1e9 * this.ratePerSecond;
		this.tokens = Math.min(this.ratePerSecond, this.tokens + added);
		this.refused = Math.max(0, this.refused - added);
		this.refilledAt = now;
	}

	/** Returns the time over which the refused agents are to come back. */
	synchronized Duration retryWithin() {
		double seconds = Math.clamp(this.refused / this.ratePerSecond * SLACK, SHORTEST_SPREAD_SECONDS,
				LONGEST_SPREAD_SECONDS);
		return Duration.ofMillis(Math.round(seconds * 1000));
	}

}

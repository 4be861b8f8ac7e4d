package dev.switchboard.handshake;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * A token bucket that holds a second's worth, and tells those it refuses when to return:
 * spread over the time that as many as were refused will take. Thread-safe.
 */
final class TokenBucket {

	/** So that a few do not come back together. */
	private static final double SHORTEST_SPREAD_SECONDS = 10;

	private static final double LONGEST_SPREAD_SECONDS = 300;

	/** There are others that come for the first time. */
	private static final double SLACK = 1.5;

	private final int ratePerSecond;

	private final LongSupplier nanoTime;

	private double tokens;

	/** Those refused, less those that could have come back since. */
	private double refused;

	private long refilledAt;

	TokenBucket(int ratePerSecond, LongSupplier nanoTime) {
		this.ratePerSecond = ratePerSecond;
		this.nanoTime = nanoTime;
		this.tokens = ratePerSecond;
		this.refilledAt = nanoTime.getAsLong();
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
		long now = this.nanoTime.getAsLong();
		double added = (now - this.refilledAt) / 1e9 * this.ratePerSecond;
		this.tokens = Math.min(this.ratePerSecond, this.tokens + added);
		this.refused = Math.max(0, this.refused - added);
		this.refilledAt = now;
	}

	/** Over how many seconds the refused are to come back. */
	synchronized double spreadSeconds() {
		return Math.clamp(this.refused / this.ratePerSecond * SLACK, SHORTEST_SPREAD_SECONDS, LONGEST_SPREAD_SECONDS);
	}

	/** Seconds for a {@code Retry-After}, at random: at least one. */
	int retryAfterSeconds() {
		return retryAfterSeconds(spreadSeconds());
	}

	static int retryAfterSeconds(double spreadSeconds) {
		return 1 + (int) (ThreadLocalRandom.current().nextDouble() * spreadSeconds);
	}

}

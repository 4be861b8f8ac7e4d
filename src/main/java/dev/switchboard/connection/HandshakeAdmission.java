package dev.switchboard.connection;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * How many handshakes a node takes: a token bucket that holds a second's worth. Whoever
 * is refused is told when to return, spread out so that a herd comes back as a queue.
 * Thread-safe.
 */
final class HandshakeAdmission {

	private static final int LONGEST_RETRY_SECONDS = 30;

	private final int ratePerSecond;

	private final LongSupplier nanoTime;

	private double tokens;

	private long refilledAt;

	HandshakeAdmission(int ratePerSecond, LongSupplier nanoTime) {
		this.ratePerSecond = ratePerSecond;
		this.nanoTime = nanoTime;
		this.tokens = ratePerSecond;
		this.refilledAt = nanoTime.getAsLong();
	}

	synchronized boolean tryAdmit() {
		long now = this.nanoTime.getAsLong();
		this.tokens = Math.min(this.ratePerSecond, this.tokens + (now - this.refilledAt) / 1e9 * this.ratePerSecond);
		this.refilledAt = now;
		if (this.tokens < 1) {
			return false;
		}
		this.tokens--;
		return true;
	}

	/** Seconds for a {@code Retry-After}: at least one, at random up to half a minute. */
	static int retryAfterSeconds() {
		return 1 + ThreadLocalRandom.current().nextInt(LONGEST_RETRY_SECONDS);
	}

}

package dev.switchboard.node;

import java.time.Duration;

import dev.switchboard.time.TimeSource;

/**
 * This node's own lease, by the monotonic clock. Heartbeats write it, one at a time; any
 * thread may read it.
 */
final class OwnLease {

	private final Duration term;

	private final TimeSource time;

	private volatile boolean everRenewed;

	private volatile long lastRenewed;

	private volatile long unbrokenSince;

	private int failures;

	/**
	 * A lease that has not begun.
	 * @param term how long it lasts after each renewal
	 */
	OwnLease(Duration term, TimeSource time) {
		this.term = term;
		this.time = time;
	}

	void renewed() {
		long now = this.time.nanoTime();
		if (!this.everRenewed || now - this.lastRenewed > this.term.toNanos()) {
			this.unbrokenSince = now;
		}
		this.lastRenewed = now;
		this.everRenewed = true;
		this.failures = 0;
	}

	/**
	 * How long to wait after one more failure: twice as long each time, up to the limit.
	 */
	Duration backoff(Duration first, Duration limit) {
		int failed = this.failures++;
		Duration pause = first.multipliedBy(1L << Math.min(failed, 16));
		return (pause.compareTo(limit) < 0) ? pause : limit;
	}

	boolean renewedWithin(Duration past) {
		return this.everRenewed && this.time.nanoTime() - this.lastRenewed <= past.toNanos();
	}

	/**
	 * Whether it has been held for a whole term without a break. Only such a node may
	 * declare others dead: after a freeze of the database every lease looks lapsed.
	 */
	boolean heldForOneTerm() {
		return this.lastRenewed - this.unbrokenSince >= this.term.toNanos();
	}

}

package dev.switchboard.node;

import java.time.Duration;

import dev.switchboard.time.TimeSource;

/**
 * This node's own lease, measured by the monotonic clock. Only the node's heartbeats
 * change it, one at a time. Any thread may read it.
 */
final class OwnLease {

	private final Duration term;

	private final TimeSource time;

	private volatile boolean everRenewed;

	private volatile long lastRenewed;

	private volatile long unbrokenSince;

	private int failures;

	/**
	 * Makes a lease that has not begun.
	 * @param term how long the lease lasts after each renewal
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
	 * Counts a failed heartbeat, and returns the pause before the next try. The pause
	 * doubles with each failure in a row, up to the limit.
	 */
	Duration backoff(Duration first, Duration limit) {
		int failed = this.failures++;
		Duration pause = first.multipliedBy(1L << Math.min(failed, 16));
		return (pause.compareTo(limit) < 0) ? pause : limit;
	}

	boolean everRenewed() {
		return this.everRenewed;
	}

	boolean renewedWithin(Duration past) {
		return this.everRenewed && this.time.nanoTime() - this.lastRenewed <= past.toNanos();
	}

	/**
	 * Whether this node has held its lease for a whole term without a break. Only then it
	 * may declare other nodes dead: after the database was frozen, the leases of all
	 * nodes look as if they were over.
	 */
	boolean heldForOneTerm() {
		return this.lastRenewed - this.unbrokenSince >= this.term.toNanos();
	}

}

package dev.switchboard.directory;

import java.time.Duration;

/**
 * How this node's own lease has gone, by the monotonic clock. Heartbeats write it, one at
 * a time; anyone reads.
 */
final class Lease {

	private final long term;

	private volatile boolean everRenewed;

	private volatile long lastRenewed;

	private volatile long unbrokenSince;

	private int failures;

	/**
	 * @param term how long a lease lasts, in nanoseconds
	 */
	Lease(long term) {
		this.term = term;
	}

	void renewed() {
		long now = System.nanoTime();
		if (!this.everRenewed || now - this.lastRenewed > this.term) {
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

	boolean renewedWithin(long nanos) {
		return this.everRenewed && System.nanoTime() - this.lastRenewed <= nanos;
	}

	/**
	 * Whether it has been held for a whole term without a break. Only such a node may
	 * judge others: after a freeze of the database everyone's lease looks lapsed.
	 */
	boolean heldForOneTerm() {
		return this.lastRenewed - this.unbrokenSince >= this.term;
	}

}

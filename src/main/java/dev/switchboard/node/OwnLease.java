package dev.switchboard.node;

import java.time.Duration;

import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * Remembers when a heartbeat of this node last succeeded, by the monotonic clock. Only
 * heartbeats change it, one at a time. Any thread may read it.
 */
final class OwnLease {

	private final TimeSource time;

	private volatile boolean everRenewed;

	private volatile long lastRenewed;

	private int failures;

	/** Makes a lease that no heartbeat has renewed yet. */
	OwnLease(TimeSource time) {
		this.time = time;
	}

	void renewed() {
		this.lastRenewed = this.time.nanoTime();
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

	/** Returns the time since the last renewal; null before the first. */
	@Nullable Duration age() {
		return this.everRenewed ? Duration.ofNanos(this.time.nanoTime() - this.lastRenewed) : null;
	}

	boolean renewedWithin(Duration past) {
		return this.everRenewed && this.time.nanoTime() - this.lastRenewed <= past.toNanos();
	}

}

package dev.switchboard.relay;

import java.time.Duration;

import dev.switchboard.time.TimeSource;

/**
 * Remembers when this node last renewed the leases of its relays, by the monotonic clock.
 * Thread-safe.
 */
final class RelayLease {

	private final Duration length;

	private final TimeSource time;

	private volatile boolean everRenewed;

	private volatile long renewedNanos;

	RelayLease(Duration length, TimeSource time) {
		this.length = length;
		this.time = time;
	}

	Duration length() {
		return this.length;
	}

	/** Returns the present time, for {@link #renewed}. */
	long now() {
		return this.time.nanoTime();
	}

	/**
	 * Takes note that the leases were renewed.
	 * @param asked a time before the statement that renewed them
	 */
	void renewed(long asked) {
		this.renewedNanos = asked;
		this.everRenewed = true;
	}

	/** Whether this node may work on its relays. */
	boolean isCurrent() {
		return this.everRenewed && age() < this.length.toNanos() * 2 / 3;
	}

	/** Whether other nodes have taken the relays over by now, or will. */
	boolean isOver() {
		return this.everRenewed && age() >= this.length.toNanos();
	}

	private long age() {
		return this.time.nanoTime() - this.renewedNanos;
	}

}

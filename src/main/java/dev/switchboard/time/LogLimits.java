package dev.switchboard.time;

import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Limits log lines: in each period, at most one line for each key, and lines for a
 * limited number of keys. So a peer can fill neither the log nor the memory. Counts the
 * lines that it holds back. Thread-safe.
 *
 * @param <K> the subject of a line
 */
public final class LogLimits<K> {

	private final TimeSource time;

	private final long periodNanos;

	private final int most;

	private final Set<K> logged = new HashSet<>();

	private long startNanos;

	private long heldBack;

	/**
	 * @param period the period in which each key may have one line
	 * @param most the largest number of keys that may have a line in a period
	 */
	public LogLimits(Duration period, int most, TimeSource time) {
		this.time = time;
		this.periodNanos = period.toNanos();
		this.most = most;
		this.startNanos = time.nanoTime();
	}

	/**
	 * Asks whether a line about the key may be logged now.
	 * @return the number of lines about any key that were held back since the last line
	 * was allowed; empty if this line may not be logged
	 */
	public synchronized OptionalLong tryLog(K key) {
		long now = this.time.nanoTime();
		if (now - this.startNanos >= this.periodNanos) {
			this.startNanos = now;
			this.logged.clear();
		}
		if (this.logged.size() >= this.most || !this.logged.add(key)) {
			this.heldBack++;
			return OptionalLong.empty();
		}
		OptionalLong allowed = OptionalLong.of(this.heldBack);
		this.heldBack = 0;
		return allowed;
	}

}

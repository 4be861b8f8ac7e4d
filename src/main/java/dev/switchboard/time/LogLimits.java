package dev.switchboard.time;

import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Lets a line into the log for each key at most once in a while, for so many keys, and
 * counts what it holds back. A peer can neither fill the log nor the memory. Thread-safe.
 *
 * @param <K> what a line is about
 */
public final class LogLimits<K> {

	private final TimeSource time;

	private final long periodNanos;

	private final int most;

	private final Set<K> logged = new HashSet<>();

	private long startNanos;

	private long heldBack;

	/**
	 * @param period each key has one line in it
	 * @param most the keys that have one
	 */
	public LogLimits(Duration period, int most, TimeSource time) {
		this.time = time;
		this.periodNanos = period.toNanos();
		this.most = most;
		this.startNanos = time.nanoTime();
	}

	/**
	 * Asks whether a line about the key may be logged now.
	 * @return if so, how many lines, about any key, were held back since the last one;
	 * empty if not
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

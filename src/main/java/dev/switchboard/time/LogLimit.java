package dev.switchboard.time;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Lets a line into the log only after a pause since the last one, and counts the lines
 * that it holds back. Thread-safe.
 */
public final class LogLimit {

	private final TimeSource time;

	private final long pauseNanos;

	private long lastNanos;

	private long heldBack;

	public LogLimit(Duration pause, TimeSource time) {
		this.time = time;
		this.pauseNanos = pause.toNanos();
		this.lastNanos = time.nanoTime() - this.pauseNanos;
	}

	/**
	 * Asks whether a line may be logged now.
	 * @return the number of lines held back since the last logged one; empty if no line
	 * may be logged now
	 */
	public synchronized OptionalLong tryLog() {
		long now = this.time.nanoTime();
		if (now - this.lastNanos < this.pauseNanos) {
			this.heldBack++;
			return OptionalLong.empty();
		}
		OptionalLong allowed = OptionalLong.of(this.heldBack);
		this.lastNanos = now;
		this.heldBack = 0;
		return allowed;
	}

}

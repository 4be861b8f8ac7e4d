package dev.switchboard.time;

import java.time.Duration;

/**
 * Notices that its owner was away: the process was stopped, or the thread held up. Who
 * was away judges nobody before it has read what came meanwhile, since the others may
 * have been in time. The owner says when it ought to have been there, each time that it
 * is. It is for use by one thread; any thread may ask.
 */
public final class Attendance {

	/** A thread that is later than this by a timer was away; less is a busy machine. */
	public static final Duration USUAL = Duration.ofMillis(500);

	/** How long after its return to wait before judging. */
	public static final Duration READING = Duration.ofMillis(100);

	private static final long ALWAYS = 1L << 62;

	private final long limitNanos;

	private volatile long backNanos;

	/**
	 * The owner has been there all the time.
	 * @param limit the longest delay that counts as having been there
	 */
	public Attendance(Duration limit, long now) {
		this.limitNanos = limit.toNanos();
		this.backNanos = now - ALWAYS;
	}

	/**
	 * The owner is there.
	 * @param expected when it ought to have been there, in nanoseconds of the monotonic
	 * clock
	 * @return whether it was away in between
	 */
	public boolean wasAway(long expected, long now) {
		boolean away = isAway(expected, now);
		if (away) {
			this.backNanos = now;
		}
		return away;
	}

	/** Whether an owner that ought to have been there then, and was not, is away. */
	public boolean isAway(long expected, long now) {
		return now - expected > this.limitNanos;
	}

	/** How long the owner has been there without a break, in nanoseconds. */
	public long unbrokenNanos(long now) {
		return now - this.backNanos;
	}

}

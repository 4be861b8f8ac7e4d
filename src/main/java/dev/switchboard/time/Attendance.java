package dev.switchboard.time;

import java.time.Duration;

/**
 * Notices that a thread, the owner of this object, was away, because the process was
 * stopped or the thread was held up. After its return, the owner must not judge a peer as
 * late before it has read what came meanwhile, because the peer may have been in time.
 * Each time that the owner runs, it says when it ought to have run. Only the owner calls
 * {@link #wasAway}; any thread may call the other methods.
 */
public final class Attendance {

	/**
	 * The usual limit: a thread that runs later than planned by more than this was away.
	 * A smaller delay is that of a busy machine.
	 */
	public static final Duration USUAL = Duration.ofMillis(500);

	/** How long the owner reads after its return before it judges a peer. */
	public static final Duration READING = Duration.ofMillis(100);

	private static final long ALWAYS = 1L << 62;

	private final long limitNanos;

	private volatile long backNanos;

	/**
	 * Begins in the state in which the owner was never away.
	 * @param limit the longest delay that does not count as an absence
	 */
	public Attendance(Duration limit, long now) {
		this.limitNanos = limit.toNanos();
		this.backNanos = now - ALWAYS;
	}

	/**
	 * Records that the owner runs now.
	 * @param expected when it ought to have run, in nanoseconds of the monotonic clock
	 * @return whether it was away in between
	 */
	public boolean wasAway(long expected, long now) {
		boolean away = isAway(expected, now);
		if (away) {
			this.backNanos = now;
		}
		return away;
	}

	/**
	 * Whether an owner that ought to have run at the expected time, and has not run
	 * since, is away.
	 */
	public boolean isAway(long expected, long now) {
		return now - expected > this.limitNanos;
	}

	/** Returns for how long the owner has run without a break, in nanoseconds. */
	public long unbrokenNanos(long now) {
		return now - this.backNanos;
	}

}

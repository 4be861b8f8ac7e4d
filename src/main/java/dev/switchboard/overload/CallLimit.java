package dev.switchboard.overload;

import java.time.Duration;

/**
 * Limits the calls and pushes that one event loop takes in a second. While the memory has
 * room, there is no limit until the event loop has been late twice in a row: each time by
 * more than half of the mark, and the last time by more than the mark. Then the limit
 * begins at the rate of calls that the event loop has taken, and adapts
 * ({@link AdaptiveRate}): it falls while the event loop is late by more than half of the
 * mark. Otherwise it rises while calls are refused. When nothing has been refused for a
 * second, there is no limit any more.
 *
 * <p>
 * At each tick, the event loop may take further calls, for the time since the last tick.
 * Of a delay, only the part up to half of the mark is counted. So after a longer delay,
 * the event loop takes fewer calls than the limit allows, and a backlog ends within a few
 * turns.
 *
 * <p>
 * The limit is on the rate and not on the calls in flight, because agents may take long
 * for their answers, and a call that waits for its agent costs the node nothing. Used on
 * its event loop only, so the price of a call is one decrement of a field.
 */
final class CallLimit {

	/** How often the limit adapts, unless the event loop is too late for that. */
	static final long WINDOW_NANOS = Duration.ofMillis(200).toNanos();

	/**
	 * The number of ticks that must be late before there is a limit: the first by half of
	 * the mark, the last by the mark, since a queue grows from turn to turn. One tick
	 * alone may be late because of a collection, which a limit would not make shorter.
	 */
	private static final int LATE_TICKS = 2;

	private static final long QUIET_NANOS = Duration.ofSeconds(1).toNanos();

	/** The unused calls of at most this time, in seconds, may be taken later. */
	private static final double BURST_SECONDS = 0.1;

	private static final long MOST_PAUSE_NANOS = Duration.ofMillis(500).toNanos();

	private static final int UNLIMITED = Integer.MAX_VALUE;

	private static final double SECOND = Duration.ofSeconds(1).toNanos();

	private final long markNanos;

	/** The delay that the limit aims at. */
	private final long aimNanos;

	private final double least;

	private final AdaptiveRate rate = new AdaptiveRate();

	/** The calls that are left until the next tick. */
	private int left = UNLIMITED;

	/** The value of {@code left} after the last tick. */
	private int given = UNLIMITED;

	private double credit;

	private int refused;

	/** What has happened in the present window. */
	private long windowNanos;

	private long windowLate = Long.MAX_VALUE;

	private int windowTicks;

	private long windowTaken;

	private long windowRefused;

	private long quietNanos;

	/** The shortest delay in the last window. */
	private long delayNanos;

	/**
	 * @param mark the delay at which the event loop is late
	 * @param least the number of calls in a second that are always taken
	 */
	CallLimit(Duration mark, int least) {
		this.markNanos = mark.toNanos();
		this.aimNanos = this.markNanos / 2;
		this.least = least;
	}

	/** Takes a call, if there is room for one; otherwise counts it as refused. */
	boolean tryTake() {
		if (this.left > 0) {
			this.left--;
			return true;
		}
		this.refused++;
		return false;
	}

	/**
	 * Called again and again by the event loop.
	 * @param late how late this tick is
	 * @param elapsed the time since the last tick
	 * @param full whether the node's memory is full, in which case the limit is the least
	 * one
	 * @return the number of calls that were refused since the last tick
	 */
	int tick(long late, long elapsed, boolean full) {
		int taken = this.given - this.left;
		int refusedNow = this.refused;
		this.refused = 0;
		this.windowNanos += elapsed;
		this.windowLate = Math.min(this.windowLate, late);
		this.windowTicks++;
		this.windowTaken += taken;
		this.windowRefused += refusedNow;
		if (full) {
			limitToTheLeast();
			beginWindow();
		}
		else if (this.windowNanos >= WINDOW_NANOS && this.windowTicks >= (isLimited() ? 1 : LATE_TICKS)) {
			adapt(late);
			beginWindow();
		}
		give(taken, elapsed);
		return refusedNow;
	}

	private void adapt(long late) {
		this.delayNanos = this.windowLate;
		boolean limited = this.rate.isLimited();
		if (this.windowLate > this.aimNanos && (limited || isWorthALimit(late))) {
			this.quietNanos = 0;
			if (!limited) {
				this.rate.begin(takenInASecond(), this.least);
			}
			this.rate.fall((double) this.windowLate / this.aimNanos);
		}
		else if (limited && this.windowRefused > 0) {
			this.quietNanos = 0;
			this.rate.rise();
		}
		else if (limited) {
			endIfQuiet();
		}
	}

	private void endIfQuiet() {
		this.quietNanos += this.windowNanos;
		if (this.quietNanos >= QUIET_NANOS) {
			this.rate.end();
		}
	}

	/**
	 * Whether a limit should begin. An event loop that has taken few calls is not late
	 * because of them, but because of another process, or because its code is still cold.
	 */
	private boolean isWorthALimit(long late) {
		return late > this.markNanos && takenInASecond() > this.least;
	}

	private double takenInASecond() {
		return this.windowTaken * SECOND / this.windowNanos;
	}

	private void limitToTheLeast() {
		this.delayNanos = this.windowLate;
		this.rate.hold(this.least);
		this.quietNanos = 0;
	}

	private void beginWindow() {
		this.windowNanos = 0;
		this.windowLate = Long.MAX_VALUE;
		this.windowTicks = 0;
		this.windowTaken = 0;
		this.windowRefused = 0;
	}

	private void give(int taken, long elapsed) {
		if (!isLimited()) {
			this.left = UNLIMITED;
			this.given = UNLIMITED;
			this.credit = 0;
			return;
		}
		double perSecond = this.rate.perSecond();
		long counted = Math.min(elapsed, this.aimNanos + LoopWatch.PERIOD.toNanos());
		double unused = (this.given == UNLIMITED) ? 0 : this.credit - taken;
		this.credit = Math.min(unused, Math.max(1, perSecond * BURST_SECONDS)) + perSecond * counted / SECOND;
		this.given = (int) Math.min(this.credit, UNLIMITED - 1);
		this.left = this.given;
	}

	/** Whether there is a limit at the moment. */
	boolean isLimited() {
		return this.rate.isLimited();
	}

	/** Returns the calls that are taken in a second; infinite if there is no limit. */
	double rate() {
		return this.rate.perSecond();
	}

	/**
	 * Returns for how long a connection whose call was refused is not read, in
	 * nanoseconds. If the event loop is late although it takes the fewest calls, its
	 * refusals may be what makes it late: many clients repeat a refused call at once. The
	 * longer the delay, the fewer requests are read.
	 */
	long pauseNanos() {
		boolean useless = isLimited() && this.rate.isLeast() && this.delayNanos > this.aimNanos;
		return useless ? Math.min(this.delayNanos, MOST_PAUSE_NANOS) : 0;
	}

	/**
	 * Returns the shortest delay of the event loop in the last window, in nanoseconds.
	 */
	long delayNanos() {
		return this.delayNanos;
	}

}

package dev.switchboard.quota;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Limits how often something happens for one tenant on this node. What is left of one
 * second may be used in the next one. The state is the time at which all that was taken
 * is paid for (the generic cell rate algorithm). Thread-safe; {@link #endPeriod} and
 * {@link #setShare} are called by one thread at a time.
 */
final class RateMeter implements Meter {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	/** A tenant that has taken much at once pays for this time at most. */
	private static final long LONGEST_DEBT = 60 * SECOND;

	private final AtomicLong paidAt;

	private final LongAdder asked = new LongAdder();

	private volatile double nanosEach;

	private volatile double askedPerSecond;

	RateMeter(long now) {
		this.paidAt = new AtomicLong(now - SECOND);
	}

	/**
	 * Takes an amount if at least 1 is left. So a large amount may be taken at once, and
	 * is paid for afterwards.
	 */
	boolean tryTake(long amount, long now) {
		this.asked.add(amount);
		double each = this.nanosEach;
		while (true) {
			long paid = this.paidAt.get();
			long from = from(paid, each, now);
			if (from + each > now) {
				return false;
			}
			if (this.paidAt.compareAndSet(paid, after(from, amount, each, now))) {
				return true;
			}
		}
	}

	/** Takes an amount, whatever is left. */
	void take(long amount, long now) {
		this.asked.add(amount);
		double each = this.nanosEach;
		this.paidAt.updateAndGet((paid) -> after(from(paid, each, now), amount, each, now));
	}

	/** Forgets what was not used in the last second. */
	private static long from(long paid, double each, long now) {
		return Math.max(paid, now - Math.max(SECOND, (long) Math.min(each, (double) LONGEST_DEBT)));
	}

	private static long after(long from, long amount, double each, long now) {
		if (amount == 0) {
			return from;
		}
		// Nothing is left of a quota of 0, so each use costs for ever.
		double most = Math.max(0, (double) (now - from + LONGEST_DEBT));
		return from + (long) Math.clamp(amount * each, -most, most);
	}

	@Override
	public Use use() {
		return new Use(this.askedPerSecond, 0);
	}

	@Override
	public boolean endPeriod(double seconds, double quota) {
		long count = this.asked.sumThenReset();
		double mean = Meter.mean(this.askedPerSecond, count / seconds, quota);
		this.askedPerSecond = (mean < 0.01) ? 0 : mean;
		return count != 0;
	}

	@Override
	public void setShare(double share) {
		this.nanosEach = (share > 0) ? SECOND / share : Double.POSITIVE_INFINITY;
	}

}

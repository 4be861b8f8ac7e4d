package dev.switchboard.simulator.bench;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers the requests of one measurement and says when each is due. Reads no clock of
 * its own. Thread-safe.
 */
final class Schedule {

	private final AtomicLong next = new AtomicLong();

	private final long calls;

	private final long start;

	private final long end;

	private final double nanosApart;

	private volatile boolean stopped;

	/**
	 * Begins now.
	 * @param calls how many; 0 for no limit
	 * @param nanos for how long; 0 for no limit
	 * @param perSecond how many are due a second; 0 for as soon as a caller is free
	 */
	Schedule(long nowNanos, long calls, long nanos, double perSecond) {
		this.calls = (calls > 0) ? calls : Long.MAX_VALUE;
		this.start = nowNanos;
		this.end = (nanos > 0) ? nowNanos + nanos : Long.MAX_VALUE;
		this.nanosApart = (perSecond > 0) ? 1e9 / perSecond : 0;
	}

	/** The next request's number, or -1 if there are no more. */
	long take(long nowNanos) {
		long number = this.next.getAndIncrement();
		return (this.stopped || number >= this.calls || dueNanos(number, nowNanos) >= this.end) ? -1 : number;
	}

	/**
	 * The time at which the request is due. Its latency counts from then, even if the
	 * request begins later.
	 */
	long dueNanos(long number, long nowNanos) {
		return (this.nanosApart > 0) ? this.start + (long) (number * this.nanosApart) : nowNanos;
	}

	/** Gives out no more requests. */
	void stop() {
		this.stopped = true;
	}

}

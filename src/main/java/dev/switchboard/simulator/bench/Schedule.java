package dev.switchboard.simulator.bench;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers the requests of one measurement and says when each is due. It reads no clock:
 * its callers pass the time. Thread-safe.
 */
final class Schedule {

	private final AtomicLong next = new AtomicLong();

	private final long calls;

	private final long start;

	private final long end;

	private final double nanosApart;

	private volatile boolean stopped;

	/**
	 * Creates a schedule that begins now.
	 * @param calls the number of requests; 0 for no limit
	 * @param nanos the duration in nanoseconds; 0 for no limit
	 * @param perSecond the number of requests that are due in a second; 0 if each is due
	 * as soon as a caller is free
	 */
	Schedule(long nowNanos, long calls, long nanos, double perSecond) {
		this.calls = (calls > 0) ? calls : Long.MAX_VALUE;
		this.start = nowNanos;
		this.end = (nanos > 0) ? nowNanos + nanos : Long.MAX_VALUE;
		this.nanosApart = (perSecond > 0) ? 1e9 / perSecond : 0;
	}

	/** Returns the next request's number, or -1 if there are no more requests. */
	long take(long nowNanos) {
		long number = this.next.getAndIncrement();
		return (this.stopped || number >= this.calls || dueNanos(number, nowNanos) >= this.end) ? -1 : number;
	}

	/**
	 * Returns the time at which the request is due. The request's latency counts from
	 * this time, even if the request begins later.
	 */
	long dueNanos(long number, long nowNanos) {
		return (this.nanosApart > 0) ? this.start + (long) (number * this.nanosApart) : nowNanos;
	}

	/** Gives out no more requests. */
	void stop() {
		this.stopped = true;
	}

}

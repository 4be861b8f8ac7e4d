package dev.switchboard.simulator.agents;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** What has become of the events of all simulated agents of a process. Thread-safe. */
public final class EventStats {

	private static final long MAX_NANOS = TimeUnit.HOURS.toNanos(1);

	/** The time from the first sending to the acknowledgement. */
	private final Histogram latency = new ConcurrentHistogram(MAX_NANOS, 3);

	/** The number of events that were sent; one that is sent again does not count. */
	final LongAdder sent = new LongAdder();

	/** The number of times that an event was sent again. */
	final LongAdder again = new LongAdder();

	/** The number of events that were due while no agent was to send one. */
	final LongAdder heldBack = new LongAdder();

	/** The number of refusals, by code. An event that may be sent again is in it, too. */
	final Counts refused = new Counts();

	private volatile long beganNanos;

	private volatile long endedNanos;

	/** Counts an event that is sent for the first time. */
	void sent(long nowNanos) {
		if (this.beganNanos == 0) {
			this.beganNanos = nowNanos;
		}
		this.sent.increment();
	}

	/** Counts an acknowledgement. */
	void acknowledged(long sentNanos, long nowNanos) {
		this.endedNanos = nowNanos;
		this.latency.recordValue(Math.clamp(nowNanos - sentNanos, 0, MAX_NANOS));
	}

	/** Returns the number of events that were acknowledged. */
	public long acknowledged() {
		return this.latency.getTotalCount();
	}

	/** Returns a line with all figures. */
	@Override
	public String toString() {
		double seconds = Math.max(1, this.endedNanos - this.beganNanos) / 1e9;
		return String.format(Locale.ROOT,
				"events: %d of %d acknowledged in %.1f s, %.0f a second; ms p50 %.2f, p99 %.2f, p99.9 %.2f, max %.2f; "
						+ "refused %s; sent again %d; held back %d",
				acknowledged(), this.sent.sum(), seconds, acknowledged() / seconds, millis(50), millis(99),
				millis(99.9), millis(100), this.refused, this.again.sum(), this.heldBack.sum());
	}

	private double millis(double percentile) {
		return this.latency.getValueAtPercentile(percentile) / 1e6;
	}

}

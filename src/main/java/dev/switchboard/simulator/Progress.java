package dev.switchboard.simulator;

import java.util.Locale;

/** The line a second in which a fleet shows how it is getting on. Not thread-safe. */
final class Progress {

	private final FleetStats stats;

	private final long start;

	private long lastNanos;

	private long lastAnswered;

	Progress(FleetStats stats, long nowNanos) {
		this.stats = stats;
		this.start = nowNanos;
		this.lastNanos = nowNanos;
	}

	/** The next line: the totals, and the calls a second since the line before. */
	String line(long nowNanos) {
		long answered = this.stats.answered.sum();
		double perSecond = (answered - this.lastAnswered) * 1e9 / Math.max(1, nowNanos - this.lastNanos);
		this.lastAnswered = answered;
		this.lastNanos = nowNanos;
		return String.format(Locale.ROOT, "%4d s: %s, %.0f calls a second", (nowNanos - this.start) / 1_000_000_000,
				this.stats, perSecond);
	}

}

package dev.switchboard.simulator;

import java.util.Locale;

import dev.switchboard.simulator.agents.AgentStats;

/** The line that the simulator prints once a second. Not thread-safe. */
final class Progress {

	private final AgentStats stats;

	private final long start;

	private long lastNanos;

	private long lastAnswered;

	Progress(AgentStats stats, long nowNanos) {
		this.stats = stats;
		this.start = nowNanos;
		this.lastNanos = nowNanos;
	}

	/**
	 * Returns the next line: the totals, and the calls a second since the previous line.
	 */
	String line(long nowNanos) {
		long answered = this.stats.answered.sum();
		double perSecond = (answered - this.lastAnswered) * 1e9 / Math.max(1, nowNanos - this.lastNanos);
		this.lastAnswered = answered;
		this.lastNanos = nowNanos;
		return String.format(Locale.ROOT, "%4d s: %s, %.0f calls a second", (nowNanos - this.start) / 1_000_000_000,
				this.stats, perSecond);
	}

}

package dev.switchboard.simulator;

import java.util.Locale;

import dev.switchboard.simulator.agents.AgentStats;
import dev.switchboard.simulator.agents.EventStats;

/** The line that the simulator prints once a second. Not thread-safe. */
final class Progress {

	private final AgentStats stats;

	private final long start;

	private long lastNanos;

	private long lastAnswered;

	private long lastEvents;

	Progress(AgentStats stats, long nowNanos) {
		this.stats = stats;
		this.start = nowNanos;
		this.lastNanos = nowNanos;
	}

	/**
	 * Returns the next line: the totals, and the calls and events a second since the
	 * previous line.
	 */
	String line(long nowNanos) {
		long answered = this.stats.answered.sum();
		double perSecond = (answered - this.lastAnswered) * 1e9 / Math.max(1, nowNanos - this.lastNanos);
		this.lastAnswered = answered;
		String events = events(nowNanos - this.lastNanos);
		this.lastNanos = nowNanos;
		return String.format(Locale.ROOT, "%4d s: %s, %.0f calls a second%s", (nowNanos - this.start) / 1_000_000_000,
				this.stats, perSecond, events);
	}

	private String events(long nanos) {
		EventStats events = this.stats.events();
		if (events == null) {
			return "";
		}
		long acknowledged = events.acknowledged();
		double perSecond = (acknowledged - this.lastEvents) * 1e9 / Math.max(1, nanos);
		this.lastEvents = acknowledged;
		return String.format(Locale.ROOT, ", %.0f events a second", perSecond);
	}

}

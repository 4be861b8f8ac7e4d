package dev.switchboard.overload;

import java.util.concurrent.TimeUnit;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Measures what the watches of event loops see. Thread-safe. */
final class LoadMetrics {

	private final Timer delays;

	private final Counter refused;

	private final ProblemMetrics problems;

	LoadMetrics(MeterRegistry registry) {
		this.delays = Timer.builder("switchboard.loop.delay")
			.description("How late tasks of the event loops begin")
			.register(registry);
		this.refused = Counter.builder("switchboard.overload.refused")
			.description("Calls and pushes that this node refused because it was overloaded")
			.register(registry);
		this.problems = new ProblemMetrics(registry);
	}

	/**
	 * Records one measurement of an event loop.
	 * @param refused the calls and pushes that it has refused since the last measurement
	 */
	void measured(long lateNanos, int refused) {
		this.delays.record(lateNanos, TimeUnit.NANOSECONDS);
		if (refused > 0) {
			this.refused.increment(refused);
			this.problems.count(Problem.UNAVAILABLE, refused);
		}
	}

}

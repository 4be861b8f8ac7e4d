package dev.switchboard.problem;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts the problems in which calls and other requests of the API end. Thread-safe. */
public final class ProblemMetrics {

	private final Map<Problem, Counter> counters = new ConcurrentHashMap<>();

	private final MeterRegistry registry;

	public ProblemMetrics(MeterRegistry registry) {
		this.registry = registry;
	}

	public void count(Problem problem) {
		count(problem, 1);
	}

	/** Counts several problems of one kind. */
	public void count(Problem problem, int times) {
		this.counters
			.computeIfAbsent(problem,
					(counted) -> Counter.builder("switchboard.problems")
						.description("Calls and other requests of the API that ended in a problem, by its name")
						.tag("problem", counted.text())
						.register(this.registry))
			.increment(times);
	}

}

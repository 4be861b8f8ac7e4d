package dev.switchboard.api;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts pushes by their outcomes. Thread-safe. */
final class PushMetrics {

	private final Map<String, Counter> pushes = new ConcurrentHashMap<>();

	private final MeterRegistry registry;

	PushMetrics(MeterRegistry registry) {
		this.registry = registry;
	}

	void sent() {
		count("sent");
	}

	void queued() {
		count("queued");
	}

	void failed(Throwable failure) {
		count(((failure instanceof ProblemException problem) ? problem.outcome() : Outcome.UNKNOWN).text());
	}

	private void count(String outcome) {
		this.pushes
			.computeIfAbsent(outcome,
					(text) -> Counter.builder("switchboard.pushes")
						.description("Pushes, by outcome")
						.tag("outcome", text)
						.register(this.registry))
			.increment();
	}

}

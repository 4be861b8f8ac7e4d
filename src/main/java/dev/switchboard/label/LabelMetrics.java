package dev.switchboard.label;

import java.util.function.IntSupplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts the descriptions that agents sent, by what became of them. */
final class LabelMetrics {

	private final MeterRegistry registry;

	private final Counter changed;

	private final Counter unchanged;

	private final Counter dropped;

	LabelMetrics(MeterRegistry registry) {
		this.registry = registry;
		this.changed = counter("stored");
		this.unchanged = counter("unchanged");
		this.dropped = counter("dropped");
	}

	private Counter counter(String outcome) {
		return Counter.builder("switchboard.descriptions")
			.description("Descriptions of agents that reached the directory, or were dropped on the way")
			.tag("outcome", outcome)
			.register(this.registry);
	}

	void stored(int changed, int unchanged) {
		this.changed.increment(changed);
		this.unchanged.increment(unchanged);
	}

	void dropped(int descriptions) {
		this.dropped.increment(descriptions);
	}

	void queue(IntSupplier depth) {
		Gauge.builder("switchboard.descriptions.queue", depth, IntSupplier::getAsInt)
			.description("Descriptions of agents that wait to be stored")
			// Nothing else refers to the supplier.
			.strongReference(true)
			.register(this.registry);
	}

}

package dev.switchboard.directory;

import java.util.function.IntSupplier;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Measures the sizes of batches of claims and releases, and of lookups. Counts the claims
 * and releases that wait.
 */
final class DirectoryMetrics {

	private final MeterRegistry registry;

	private final DistributionSummary batch;

	private final DistributionSummary lookup;

	DirectoryMetrics(MeterRegistry registry) {
		this.registry = registry;
		this.batch = summary("switchboard.directory.batch", "rows", "Claims and releases that went in one statement");
		this.lookup = summary("switchboard.directory.lookup", "agents", "Agents that were looked up in one statement");
	}

	private DistributionSummary summary(String name, String unit, String description) {
		return DistributionSummary.builder(name).description(description).baseUnit(unit).register(this.registry);
	}

	void batch(int rows) {
		this.batch.record(rows);
	}

	void lookup(int agents) {
		this.lookup.record(agents);
	}

	void queue(IntSupplier depth) {
		Gauge.builder("switchboard.directory.queue", depth, IntSupplier::getAsInt)
			.description("Claims and releases that wait to be stored")
			// Nothing else refers to the supplier. Without this reference it would be
			// garbage-collected, and the gauge would be NaN.
			.strongReference(true)
			.register(this.registry);
	}

}

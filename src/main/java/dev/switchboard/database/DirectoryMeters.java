package dev.switchboard.database;

import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** The directory's meters: {@code switchboard.directory.*}. */
public final class DirectoryMeters {

	private final MeterRegistry registry;

	private final DistributionSummary batch;

	private final DistributionSummary lookup;

	public DirectoryMeters(MeterRegistry registry) {
		this.registry = registry;
		this.batch = summary("switchboard.directory.batch", "rows", "Claims and releases that went in one statement");
		this.lookup = summary("switchboard.directory.lookup", "agents", "Agents that were looked up in one statement");
	}

	private DistributionSummary summary(String name, String unit, String description) {
		return DistributionSummary.builder(name).description(description).baseUnit(unit).register(this.registry);
	}

	/** The directory answered; the wait for a connection counts. */
	void answered(StatementKind kind, long startedNanos) {
		ended(kind, "ok", startedNanos);
	}

	void failed(StatementKind kind, long startedNanos) {
		ended(kind, "error", startedNanos);
	}

	private void ended(StatementKind kind, String outcome, long startedNanos) {
		this.registry.counter("switchboard.directory.statements", "kind", kind.tag(), "outcome", outcome).increment();
		this.registry.timer("switchboard.directory.latency", "kind", kind.tag())
			.record(System.nanoTime() - startedNanos, TimeUnit.NANOSECONDS);
	}

	public void batch(int rows) {
		this.batch.record(rows);
	}

	public void lookup(int agents) {
		this.lookup.record(agents);
	}

	public void queue(IntSupplier depth) {
		Gauge.builder("switchboard.directory.queue", depth, IntSupplier::getAsInt)
			.description("Claims and releases that wait to be stored")
			.register(this.registry);
	}

}

package dev.switchboard.database;

import java.util.concurrent.TimeUnit;

import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Counts statements, and measures the time until they end. */
public final class DatabaseMetrics {

	private final MeterRegistry registry;

	private final TimeSource time;

	public DatabaseMetrics(MeterRegistry registry, TimeSource time) {
		this.registry = registry;
		this.time = time;
	}

	/**
	 * Returns the time at which a statement starts. The wait for a connection of the pool
	 * comes later, so the wait is measured, too.
	 */
	long started() {
		return this.time.nanoTime();
	}

	void answered(String statement, long started) {
		ended(statement, "ok", started);
	}

	void failed(String statement, long started) {
		ended(statement, "error", started);
	}

	private void ended(String statement, String outcome, long started) {
		Counter.builder("switchboard.directory.statements")
			.description("Statements that the node sent to the directory")
			.tag("kind", statement)
			.tag("outcome", outcome)
			.register(this.registry)
			.increment();
		Timer.builder("switchboard.directory.latency")
			.description("Time that the statements took, with the wait for a connection of the pool")
			.tag("kind", statement)
			.register(this.registry)
			.record(this.time.nanoTime() - started, TimeUnit.NANOSECONDS);
	}

}

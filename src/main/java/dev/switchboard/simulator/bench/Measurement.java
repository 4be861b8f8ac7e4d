package dev.switchboard.simulator.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

import dev.switchboard.simulator.agents.Counts;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The results of one sequence of requests. Thread-safe. */
final class Measurement {

	private static final long MAX_NANOS = TimeUnit.HOURS.toNanos(1);

	private final Histogram latency = new ConcurrentHistogram(MAX_NANOS, 3);

	private final LongAdder mismatches = new LongAdder();

	private final Counts failures = new Counts();

	private final AtomicReference<@Nullable String> firstMismatch = new AtomicReference<>();

	/** Counts a response; records the latency of a correct one. */
	void record(Verdict verdict, long nanos) {
		switch (verdict) {
			case Verdict.Right right -> this.latency.recordValue(Math.clamp(nanos, 0, MAX_NANOS));
			case Verdict.Failure failure -> this.failures.add(failure.name());
			case Verdict.Mismatch mismatch -> {
				this.mismatches.increment();
				this.firstMismatch.compareAndSet(null, mismatch.detail());
			}
		}
	}

	/**
	 * Returns the latencies, in nanoseconds, of the requests that got correct answers.
	 */
	Histogram latency() {
		return this.latency;
	}

	Counts failures() {
		return this.failures;
	}

	long mismatches() {
		return this.mismatches.sum();
	}

	@Nullable String firstMismatch() {
		return this.firstMismatch.get();
	}

	/** Returns the number of requests that ended. */
	long total() {
		return this.latency.getTotalCount() + mismatches() + this.failures.total();
	}

}

package dev.switchboard.event;

import java.util.function.ToLongFunction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts the events that came, and the requests that follow the log. */
final class EventMetrics {

	private final MeterRegistry registry;

	private final Counter stored;

	private final Counter repeated;

	private final Counter refused;

	private final Counter dropped;

	private final DistributionSummary batches;

	private final Counter sealed;

	private final Counter slow;

	EventMetrics(MeterRegistry registry) {
		this.registry = registry;
		this.stored = counter("stored");
		this.repeated = counter("repeated");
		this.refused = counter("refused");
		this.dropped = counter("dropped");
		this.batches = DistributionSummary.builder("switchboard.events.batch")
			.description("Events that were stored together")
			.register(registry);
		this.sealed = Counter.builder("switchboard.events.sealed")
			.description("Numbers of the event log that were given up because their batches did not come")
			.register(registry);
		this.slow = Counter.builder("switchboard.events.streams.slow")
			.description("Streams of events that ended because their readers were too slow")
			.register(registry);
	}

	private Counter counter(String outcome) {
		return Counter.builder("switchboard.events")
			.description("Events of agents and of the gateway, by what became of them")
			.tag("outcome", outcome)
			.register(this.registry);
	}

	void stored(int events, int repeats) {
		this.stored.increment(Math.max(0, events - repeats));
		this.repeated.increment(repeats);
		this.batches.record(events);
	}

	void refused() {
		this.refused.increment();
	}

	void dropped(int events) {
		this.dropped.increment(events);
	}

	void sealed(long numbers) {
		this.sealed.increment((double) numbers);
	}

	void slow() {
		this.slow.increment();
	}

	void queue(EventQueue queue) {
		gauge("switchboard.events.queue", "Bytes of events that wait to be stored", queue, EventQueue::bytes);
	}

	void streams(LogFeed feed) {
		gauge("switchboard.events.streams", "Requests that follow the event log", feed, LogFeed::followers);
		gauge("switchboard.events.kept", "Bytes of new events that are kept for the requests that follow the log", feed,
				LogFeed::keptBytes);
	}

	private <T> void gauge(String name, String description, T subject, ToLongFunction<T> value) {
		Gauge.builder(name, subject, (counted) -> (double) value.applyAsLong(counted))
			.description(description)
			.register(this.registry);
	}

}

package dev.switchboard.fanout;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import dev.switchboard.problem.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Counts fleet calls and fleet pushes, and their agents. Thread-safe. */
final class FleetMetrics {

	private final MeterRegistry registry;

	private final LongAdder running = new LongAdder();

	private final Counter refused;

	/** How a fleet call ended. */
	enum End {

		/** Each agent was called in time. */
		FINISHED,

		/** The time was up before each agent was called and had ended. */
		DEADLINE,

		/** So many agents failed that the rest were not called. */
		STOPPED,

		/** The caller hung up. */
		CANCELLED

	}

	/**
	 * @param inFlight the calls and pushes in flight
	 * @param storing the durable pushes that are being stored
	 */
	FleetMetrics(MeterRegistry registry, InFlightLimit inFlight, InFlightLimit storing) {
		this.registry = registry;
		Gauge.builder("switchboard.fleet.running", this.running, LongAdder::sum)
			.description("Fleet calls and fleet pushes that run on this node")
			.register(registry);
		Gauge.builder("switchboard.fleet.in.flight", inFlight, InFlightLimit::used)
			.description("Calls and pushes in flight that belong to fleet calls of this node")
			.register(registry);
		Gauge.builder("switchboard.fleet.storing", storing, InFlightLimit::used)
			.description("Durable pushes of this node's fleet pushes that are being stored, once for each 32 KiB")
			.register(registry);
		this.refused = Counter.builder("switchboard.fleet.refused")
			.description("Fleet calls and fleet pushes that were refused because as many as allowed ran")
			.register(registry);
	}

	void refused() {
		this.refused.increment();
	}

	void began() {
		this.running.increment();
	}

	/** Counts a fleet call that has ended, and how long it took. */
	void ended(FleetMessage message, End end, long nanos) {
		this.running.decrement();
		Timer.builder("switchboard.fleet.calls")
			.description("Ended fleet calls and fleet pushes, and how long they took")
			.tag("kind", message.kind())
			.tag("result", end.name().toLowerCase(Locale.ROOT))
			.register(this.registry)
			.record(nanos, TimeUnit.NANOSECONDS);
	}

	/** Counts agents of a fleet call that ended with an outcome. */
	void agents(FleetMessage message, Outcome outcome, int agents) {
		Counter.builder("switchboard.fleet.agents")
			.description("Agents of fleet calls and fleet pushes, by outcome")
			.tag("kind", message.kind())
			.tag("outcome", (outcome == Outcome.COMPLETED) ? message.success() : outcome.text())
			.register(this.registry)
			.increment(agents);
	}

}

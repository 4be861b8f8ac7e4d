package dev.switchboard.presence;

import java.util.function.IntSupplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts the changes of agents' presence. Thread-safe. */
final class PresenceMetrics {

	private final MeterRegistry registry;

	private final Counter deferred;

	private final Counter incomplete;

	PresenceMetrics(MeterRegistry registry) {
		this.registry = registry;
		for (Change.Kind kind : Change.Kind.values()) {
			told(kind);
		}
		this.deferred = counter("switchboard.presence.deferred",
				"Changes of agents' presence that this node could not tell at once; they are told later");
		this.incomplete = counter("switchboard.presence.incomplete",
				"Agents of which changes were left out, because the event log took none while the agent came and went");
	}

	private Counter told(Change.Kind kind) {
		return Counter.builder("switchboard.presence.changes")
			.description("Changes of agents' presence that this node told the event log")
			.tag("change", kind.text())
			.register(this.registry);
	}

	private Counter counter(String name, String description) {
		return Counter.builder(name).description(description).register(this.registry);
	}

	void told(Change change) {
		told(change.kind()).increment();
	}

	void deferred(int agents) {
		this.deferred.increment(agents);
	}

	void incomplete() {
		this.incomplete.increment();
	}

	void queue(IntSupplier depth) {
		Gauge.builder("switchboard.presence.queue", depth, IntSupplier::getAsInt)
			.description("Agents whose changes of presence wait on this node to be told")
			// Nothing else refers to the supplier.
			.strongReference(true)
			.register(this.registry);
	}

}

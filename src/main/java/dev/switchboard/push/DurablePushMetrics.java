package dev.switchboard.push;

import java.util.function.IntSupplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts durable pushes. Thread-safe. */
final class DurablePushMetrics {

	private static final String ENDED = "switchboard.pushes.durable";

	private final MeterRegistry registry;

	private final Counter stored;

	private final Counter sent;

	private final Counter ignoredAcks;

	private final Counter droppedAcks;

	private final Counter failedNotices;

	DurablePushMetrics(MeterRegistry registry) {
		this.registry = registry;
		this.stored = event("stored");
		for (PushOutcome outcome : PushOutcome.values()) {
			if (outcome != PushOutcome.QUEUED) {
				event(outcome.text());
			}
		}
		this.sent = counter("switchboard.pushes.sendings",
				"Durable pushes handed to agents' sockets; a push that is sent again counts again");
		this.ignoredAcks = counter("switchboard.pushes.acks.ignored",
				"Acknowledgements of pushes that were not on their way on the agent's connection");
		this.droppedAcks = counter("switchboard.pushes.acks.dropped",
				"Acknowledgements that were not stored because too many waited; their pushes are sent again");
		this.failedNotices = counter("switchboard.pushes.notices.failed",
				"Notices of stored pushes that did not reach the agents' nodes; the sweep sends them again");
		for (String limit : new String[] { "agent", "tenant", "node" }) {
			refusal(limit);
		}
	}

	private Counter event(String event) {
		return Counter.builder(ENDED)
			.description("Durable pushes that were stored, and that ended, by this node")
			.tag("event", event)
			.register(this.registry);
	}

	private Counter refusal(String limit) {
		return Counter.builder("switchboard.pushes.refused")
			.description("Durable pushes that were refused because too many wait, by the limit")
			.tag("limit", limit)
			.register(this.registry);
	}

	private Counter counter(String name, String description) {
		return Counter.builder(name).description(description).register(this.registry);
	}

	void stored(int pushes) {
		this.stored.increment(pushes);
	}

	void ended(PushOutcome outcome, long pushes) {
		event(outcome.text()).increment((double) pushes);
	}

	void sent() {
		this.sent.increment();
	}

	void ignoredAck() {
		this.ignoredAcks.increment();
	}

	void droppedAck() {
		this.droppedAcks.increment();
	}

	void failedNotice() {
		this.failedNotices.increment();
	}

	void refused(String limit) {
		refusal(limit).increment();
	}

	void gauge(String name, String description, IntSupplier value) {
		Gauge.builder(name, value, IntSupplier::getAsInt)
			.description(description)
			// Nothing else refers to the supplier.
			.strongReference(true)
			.register(this.registry);
	}

}

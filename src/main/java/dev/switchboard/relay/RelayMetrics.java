package dev.switchboard.relay;

import java.time.Instant;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what relays deliver. Thread-safe. */
final class RelayMetrics {

	private static final String TARGET = "target";

	private static final String WEBHOOK = "webhook";

	private final MeterRegistry registry;

	RelayMetrics(MeterRegistry registry) {
		this.registry = registry;
		for (String kind : new String[] { TARGET, WEBHOOK }) {
			delivered(kind);
			failed(kind);
			skipped(kind);
			taken(kind);
		}
		dead();
	}

	static String kind(RelayKey key) {
		return key.isWebhook() ? WEBHOOK : TARGET;
	}

	/**
	 * Shows what this node works on.
	 * @param clock the directory's clock
	 */
	void watch(HeldRelays relays, Supplier<Instant> clock) {
		for (String kind : new String[] { TARGET, WEBHOOK }) {
			gauge("switchboard.relays.held", "Relays of the event log that this node works on", kind, relays,
					(held) -> held.count(kind));
			gauge("switchboard.relays.waiting", "Events in memory that are not delivered yet", kind, relays,
					(held) -> held.waiting(kind));
			gauge("switchboard.relays.lag",
					"Seconds since the oldest event was stored that a relay has read and not delivered", kind, relays,
					(held) -> held.lagSeconds(kind, clock.get()));
		}
	}

	private void gauge(String name, String description, String kind, HeldRelays relays,
			ToDoubleFunction<HeldRelays> value) {
		Gauge.builder(name, relays, value).description(description).tag("kind", kind).register(this.registry);
	}

	private Counter deliveries(String kind, String outcome) {
		return Counter.builder("switchboard.relays.deliveries")
			.description("Events that relays delivered or failed to deliver; each try counts")
			.tag("kind", kind)
			.tag("outcome", outcome)
			.register(this.registry);
	}

	private Counter delivered(String kind) {
		return deliveries(kind, "delivered");
	}

	private Counter failed(String kind) {
		return deliveries(kind, "failed");
	}

	private Counter dead() {
		return Counter.builder("switchboard.relays.dead")
			.description("Events that became dead letters of webhooks")
			.register(this.registry);
	}

	private Counter skipped(String kind) {
		return counter("switchboard.relays.skipped",
				"Relays whose position was older than the event log, so that they went on at its beginning", kind);
	}

	private Counter taken(String kind) {
		return counter("switchboard.relays.taken", "Relays that this node has begun to work on", kind);
	}

	private Counter counter(String name, String description, String kind) {
		return Counter.builder(name).description(description).tag("kind", kind).register(this.registry);
	}

	void delivered(RelayKey key, int events) {
		delivered(kind(key)).increment(events);
	}

	void failed(RelayKey key, int events) {
		failed(kind(key)).increment(events);
	}

	void deadLetter() {
		dead().increment();
	}

	void skipped(RelayKey key) {
		skipped(kind(key)).increment();
	}

	void taken(RelayKey key) {
		taken(kind(key)).increment();
	}

}

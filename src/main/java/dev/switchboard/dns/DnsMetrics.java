package dev.switchboard.dns;

import java.util.concurrent.atomic.AtomicBoolean;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Measures what this node does in DNS. Thread-safe. */
final class DnsMetrics {

	private final AtomicBoolean present = new AtomicBoolean();

	private final Counter failures;

	private final Counter removed;

	DnsMetrics(MeterRegistry registry) {
		Gauge.builder("switchboard.dns.present", () -> this.present.get() ? 1 : 0)
			.description("1 while this node is in the pool's name in DNS, as far as it knows, else 0")
			.register(registry);
		this.failures = Counter.builder("switchboard.dns.failures")
			.description("Attempts to read or change the pool in DNS that failed")
			.register(registry);
		this.removed = Counter.builder("switchboard.dns.removed")
			.description("Entries of other nodes, which are no more, that this node has removed from DNS")
			.register(registry);
	}

	void present(boolean is) {
		this.present.set(is);
	}

	void failed() {
		this.failures.increment();
	}

	void removed(int entries) {
		this.removed.increment(entries);
	}

}

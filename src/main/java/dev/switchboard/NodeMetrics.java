package dev.switchboard;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import dev.switchboard.node.Membership;
import dev.switchboard.node.NodeSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;

/**
 * Measures this node: its build, its capacity, its state and the age of its lease in the
 * directory.
 *
 * @param version the version of this build
 */
record NodeMetrics(String version, NodeSettings settings, Membership membership,
		ApplicationAvailability availability) implements MeterBinder {

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("switchboard.build.info", () -> 1)
			.description("The build that runs here; always 1")
			.tag("version", this.version)
			.tag("java", Runtime.version().toString())
			.register(registry);
		Gauge.builder("switchboard.node.capacity", this.settings, NodeSettings::capacity)
			.description("Connections that this node takes")
			.register(registry);
		Gauge.builder("switchboard.node.lease.age", this.membership, NodeMetrics::leaseAge)
			.description("Time since the directory took this node's last heartbeat")
			.baseUnit("seconds")
			.register(registry);
		state(registry, "up", () -> !isDraining() && this.membership.isAnswering());
		state(registry, "degraded", () -> !isDraining() && !this.membership.isAnswering());
		state(registry, "draining", this::isDraining);
	}

	private static double leaseAge(Membership membership) {
		Duration age = membership.sinceHeartbeat();
		return (age != null) ? age.toMillis() / 1000.0 : Double.NaN;
	}

	private static void state(MeterRegistry registry, String name, BooleanSupplier is) {
		// A gauge refers to an object only weakly, but to a supplier strongly. So this
		// gauge gets a supplier.
		Gauge.builder("switchboard.node.state", () -> is.getAsBoolean() ? 1 : 0)
			.description("1 for the state that this node is in, 0 for the others")
			.tag("state", name)
			.register(registry);
	}

	private boolean isDraining() {
		return this.availability.getReadinessState() == ReadinessState.REFUSING_TRAFFIC;
	}

}

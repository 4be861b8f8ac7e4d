package dev.switchboard.tenant;

import java.util.function.DoubleSupplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Measures who is kept out, and how well this node knows it. */
final class TenantMetrics {

	private final MeterRegistry meters;

	private final Counter read;

	private final Counter failed;

	TenantMetrics(MeterRegistry meters, Admittance admittance) {
		this.meters = meters;
		this.read = readings("ok");
		this.failed = readings("failed");
		Gauge.builder("switchboard.revocations.agents", admittance, Admittance::revokedAgents)
			.description("Agents that are revoked, as far as this node knows")
			.register(meters);
		Gauge.builder("switchboard.tenants.disabled", admittance, Admittance::disabledTenants)
			.description("Tenants that are disabled, as far as this node knows")
			.register(meters);
	}

	private Counter readings(String outcome) {
		return Counter.builder("switchboard.revocations.readings")
			.description("Readings of the changes of revocations and of tenants")
			.tag("outcome", outcome)
			.register(this.meters);
	}

	/**
	 * @param seconds how old the knowledge is
	 */
	void age(DoubleSupplier seconds) {
		Gauge.builder("switchboard.revocations.age", seconds, DoubleSupplier::getAsDouble)
			.description("How long ago this node last knew all revocations and settings of tenants")
			.baseUnit("seconds")
			// Nothing else refers to the supplier.
			.strongReference(true)
			.register(this.meters);
	}

	void read() {
		this.read.increment();
	}

	void failed() {
		this.failed.increment();
	}

}

package dev.switchboard.quota;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of quotas. */
final class QuotaMetrics {

	private QuotaMetrics() {
	}

	static void register(TenantLimits limits, MeterRegistry meters) {
		for (Quota quota : Quota.values()) {
			FunctionCounter.builder("switchboard.quota.refused", limits, (of) -> of.refused(quota))
				.description("Calls, pushes, events and handshakes that were refused because a quota of their tenant"
						+ " was used up")
				.tag("quota", quota.text())
				.register(meters);
		}
		Gauge.builder("switchboard.quota.tenants", limits, TenantLimits::size)
			.description("Tenants whose use this node measures at the moment")
			.register(meters);
	}

}

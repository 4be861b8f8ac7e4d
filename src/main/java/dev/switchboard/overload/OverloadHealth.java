package dev.switchboard.overload;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Says in the readiness probe whether this node is overloaded. The status is always
 * {@code UP}. If an overloaded node left its load balancer, the others would get its
 * load, and leave one after the other.
 */
final class OverloadHealth implements HealthIndicator {

	private final Overload overload;

	OverloadHealth(Overload overload) {
		this.overload = overload;
	}

	@Override
	public Health health() {
		Overload.State state = this.overload.state();
		Health.Builder health = Health.up().withDetail("level", state.level().text());
		Measurement measurement = state.measurement();
		if (measurement != null) {
			health.withDetail("reason", state.reason())
				.withDetail("loopDelayMillis", Math.round(measurement.loopDelayMillis()))
				.withDetail("heapPercent", Math.round(measurement.heapPercent()))
				.withDetail("directPercent", Math.round(measurement.directPercent()));
		}
		return health.build();
	}

}

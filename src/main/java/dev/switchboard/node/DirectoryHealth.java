package dev.switchboard.node;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Reports whether the directory answers, as a part of the readiness probe. A node serves
 * its own agents without the directory, so its absence is {@code DEGRADED} and leaves the
 * node ready: otherwise a database that is away would take every node out at once.
 */
final class DirectoryHealth implements HealthIndicator {

	static final Status DEGRADED = new Status("DEGRADED");

	private final Membership membership;

	DirectoryHealth(Membership membership) {
		this.membership = membership;
	}

	@Override
	public Health health() {
		return Health.status(this.membership.isAnswering() ? Status.UP : DEGRADED).build();
	}

}

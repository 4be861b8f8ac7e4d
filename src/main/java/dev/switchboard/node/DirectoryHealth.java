package dev.switchboard.node;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Reports whether the directory answers, as a part of the readiness probe. A node that
 * has never reached its directory is out of service: its settings may be wrong, and it
 * must not take the place of nodes that are right. Later, a node serves its own agents
 * without the directory, so a silent directory is reported as {@code DEGRADED} and the
 * node stays ready. Otherwise all nodes would leave their load balancer at once when the
 * database is away.
 */
final class DirectoryHealth implements HealthIndicator {

	static final Status DEGRADED = new Status("DEGRADED");

	private final Membership membership;

	DirectoryHealth(Membership membership) {
		this.membership = membership;
	}

	@Override
	public Health health() {
		return Health.status(status()).build();
	}

	private Status status() {
		if (this.membership.isAnswering()) {
			return Status.UP;
		}
		return this.membership.hasAnswered() ? DEGRADED : Status.OUT_OF_SERVICE;
	}

}

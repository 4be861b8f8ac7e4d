package dev.switchboard.forwarding;

import java.util.List;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Reports whether other nodes accept this node's requests, as a part of the readiness
 * probe. A node is out of service if its secret is not that of most other nodes. A node
 * that only a few others refuse is {@code DEGRADED} and stays ready.
 */
final class ForwardingHealth implements HealthIndicator {

	private static final Status DEGRADED = new Status("DEGRADED");

	private static final int MOST_NAMED = 10;

	private final PeerChecks checks;

	private final Doorkeeper door;

	ForwardingHealth(PeerChecks checks, Doorkeeper door) {
		this.checks = checks;
		this.door = door;
	}

	@Override
	public Health health() {
		PeerVerdict verdict = this.checks.verdict();
		if (verdict == null) {
			return Health.outOfService().withDetail("reason", "The other nodes have not been asked yet").build();
		}
		List<PeerCheck> refusing = verdict.with(PeerCheck.Answer.REFUSED);
		if (refusing.isEmpty()) {
			return describe(Health.up(), verdict).build();
		}
		boolean odd = verdict.isOddOneOut();
		return describe(odd ? Health.outOfService() : Health.status(DEGRADED), verdict)
			.withDetail("reason",
					odd ? "Most other nodes have another switchboard.forwarding.secret"
							: "Some other nodes have another switchboard.forwarding.secret")
			.build();
	}

	private Health.Builder describe(Health.Builder health, PeerVerdict verdict) {
		return health.withDetail("acceptedBy", verdict.with(PeerCheck.Answer.ACCEPTED).size())
			.withDetail("refusedBy", names(verdict.with(PeerCheck.Answer.REFUSED)))
			.withDetail("unreachable", names(verdict.with(PeerCheck.Answer.UNREACHABLE)))
			.withDetail("requestsRefused", this.door.refused());
	}

	private static List<String> names(List<PeerCheck> checks) {
		return checks.stream().limit(MOST_NAMED).map(PeerCheck::toString).toList();
	}

}

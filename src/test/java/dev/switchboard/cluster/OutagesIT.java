package dev.switchboard.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("night")
@DisplayName("The database away again and again, for less than a lease, out of phase with the heartbeats")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutagesIT {

	private static final int OUTAGES = Integer.getInteger("switchboard.outages", 8);

	private static final int AGENTS_EACH = 10;

	private final MariaDbServer server = new MariaDbServer();

	private final Cluster cluster = Cluster.start(this.server, 3);

	private final SplittableRandom random = new SplittableRandom(42);

	@AfterEach
	void thaw() {
		this.server.thaw();
	}

	@AfterAll
	void stop() {
		this.cluster.close();
		this.server.stop();
	}

	@Test
	@DisplayName("every local call completes, and no node is declared dead")
	void shouldGiveNobodyUp() {
		List<AgentId> agents = this.cluster.connect("acme", AGENTS_EACH);
		this.cluster.assertHealed();
		try (SteadyCalls local = localCalls(agents)) {
			for (int outage = 0; outage < OUTAGES; outage++) {
				this.server.freeze();
				pass(between(0.6, 1));
				this.server.thaw();
				pass(between(0.1, 1));
			}
			assertThat(local.stop()).isNotEmpty().allMatch((ending) -> ending.is(Outcome.COMPLETED));
		}
		assertThat(this.cluster.nodes()).hasSize(3)
			.allSatisfy((node) -> assertThat(node.log()).doesNotContain("declared dead")
				.doesNotContain("declared this node dead"));
		this.cluster.assertHealed();
	}

	/** Each agent called at the node that holds it. */
	private SteadyCalls localCalls(List<AgentId> agents) {
		List<SteadyCalls.Line> lines = new ArrayList<>();
		for (int i = 0; i < agents.size(); i++) {
			GatewayProcess holder = this.cluster.node(i / AGENTS_EACH);
			lines.add(new SteadyCalls.Line(holder, agents.get(i)));
		}
		return new SteadyCalls(this.cluster.callers(), lines);
	}

	private Duration between(double least, double most) {
		return Duration.ofMillis((long) (Cluster.LEASE.toMillis() * this.random.nextDouble(least, most)));
	}

	private static void pass(Duration time) {
		Instant end = Instant.now().plus(time);
		Cluster.await().until(() -> Instant.now().isAfter(end));
	}

}

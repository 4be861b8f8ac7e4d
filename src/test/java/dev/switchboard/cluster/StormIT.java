package dev.switchboard.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("night")
@DisplayName("A storm: 15,000 agents lose their node and return to two others within ten seconds")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StormIT {

	private static final int AGENTS = 15_000;

	private static final int OTHERS = 50;

	private static final int CLAIMS_FOR_A_STATEMENT = 200;

	private static final long SAMPLE_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** A server of its own, since the test reads its counters. */
	private final MariaDbServer server = new MariaDbServer();

	/** Without events of presence, whose statements the server would count, too. */
	private final Cluster cluster = Cluster.start(this.server, 3, "switchboard.agent.handshake-rate=1000000",
			"switchboard.agent.reconnect-min=10s", "switchboard.agent.reconnect-max=10s",
			"switchboard.events.presence=false");

	private final GatewayProcess lost = this.cluster.node(0);

	private final List<GatewayProcess> others = List.of(this.cluster.node(1), this.cluster.node(2));

	@AfterAll
	void stop() {
		this.cluster.close();
		this.server.stop();
	}

	@Test
	@DisplayName("| all are claimed, by few statements, and other agents' calls go on")
	void shouldClaimAllByFewStatements() {
		List<AgentId> agents = ClusterAgents.ids("storm", AGENTS);
		List<AgentId> calm = ClusterAgents.ids("calm", OTHERS);
		this.cluster.agents().connect(calm, Cluster.agentAddress(this.others.getFirst()));
		this.cluster.agents().connect(agents, Cluster.agentAddress(this.lost));
		Cluster.await().until(() -> this.cluster.claims(this.cluster.id(this.lost)) == AGENTS);
		try (SteadyCalls calls = new SteadyCalls(this.cluster.callers(),
				calm.stream().map((agent) -> new SteadyCalls.Line(this.others.getFirst(), agent)).toList())) {
			this.lost.kill();
			Counts peak = peakOfStorm();
			System.out.printf("at the peak %d claims a second in %d statements; longest call of another %d ms%n",
					peak.claims(), peak.statements(), calls.longest().toMillis());
			assertThat(calls.stop()).isNotEmpty().allMatch((ending) -> ending.is(Outcome.COMPLETED));
			assertThat(peak.claims()).isGreaterThanOrEqualTo(peak.statements() * CLAIMS_FOR_A_STATEMENT);
		}
		this.cluster.assertHealed();
	}

	/**
	 * The work of the other nodes so far.
	 *
	 * @param nanos when
	 * @param claims agents that the directory says they hold
	 * @param statements that wrote claims, by the database's own count
	 */
	private record Counts(long nanos, long claims, long statements) {

		Counts since(Counts before) {
			return new Counts(this.nanos - before.nanos, this.claims - before.claims,
					this.statements - before.statements);
		}

	}

	/** Samples until all are claimed; the sample with the most claims. */
	private Counts peakOfStorm() {
		List<Counts> samples = new ArrayList<>(List.of(count()));
		Cluster.await().until(() -> {
			if (System.nanoTime() - samples.getLast().nanos() > SAMPLE_NANOS) {
				samples.add(count());
			}
			return samples.getLast().claims() == AGENTS + OTHERS;
		});
		List<Counts> changes = new ArrayList<>();
		for (int i = 1; i < samples.size(); i++) {
			changes.add(samples.get(i).since(samples.get(i - 1)));
		}
		changes.forEach((change) -> System.out.printf("%d claims, %d statements, in %d ms%n", change.claims(),
				change.statements(), TimeUnit.NANOSECONDS.toMillis(change.nanos())));
		return changes.stream().max(Comparator.comparingLong(Counts::claims)).orElseThrow();
	}

	private Counts count() {
		long claims = this.others.stream().mapToLong((node) -> this.cluster.claims(this.cluster.id(node))).sum();
		return new Counts(System.nanoTime(), claims, this.server.counter("Com_insert"));
	}

}

package dev.switchboard.cluster;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("slow")
@DisplayName("The database away: calls to agents that are here go on")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatabaseFrozenIT {

	/** Longer than two leases; {@code .ci/run} sets a minute. */
	private static final Duration FREEZE = Duration.ofSeconds(Integer.getInteger("switchboard.freeze", 12));

	private static final int AGENTS_EACH = 50;

	private final MariaDbServer server = new MariaDbServer();

	private final Cluster cluster = Cluster.start(this.server, 2);

	private final GatewayProcess one = this.cluster.node(0);

	private final GatewayProcess two = this.cluster.node(1);

	private final List<AgentId> agents = ClusterAgents.ids("acme", 2 * AGENTS_EACH);

	private final List<AgentId> ofOne = this.agents.subList(0, AGENTS_EACH);

	private final List<AgentId> ofTwo = this.agents.subList(AGENTS_EACH, 2 * AGENTS_EACH);

	@BeforeAll
	void connect() {
		this.cluster.agents().connect(this.ofOne, Cluster.agentAddress(this.one));
		this.cluster.agents().connect(this.ofTwo, Cluster.agentAddress(this.two));
	}

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
	@DisplayName("frozen for longer than leases | every local call completes, no lease ends, all is back after it")
	void shouldAnswerLocalCallsThroughAFreeze() throws Exception {
		awaitRecovered();
		List<NodeId> ids = List.of(this.cluster.id(this.one), this.cluster.id(this.two));
		AgentId late = new AgentId("acme", "late");
		try (SteadyCalls local = localCalls()) {
			this.server.freeze();
			Instant frozen = Instant.now();
			assertUnavailable(ClusterCall.echo(this.ofOne.getFirst()).keyed("key-1"));
			assertUnavailable(ClusterCall.echo(new AgentId("acme", "nobody")));
			this.cluster.agents().connect(List.of(late), Cluster.agentAddress(this.one));
			assertThat(this.cluster.callers().call(this.one, ClusterCall.echo(late)).get(30, TimeUnit.SECONDS))
				.extracting(Ending::outcome)
				.isEqualTo(Outcome.COMPLETED);
			Cluster.await().atMost(FREEZE.plusMinutes(1)).until(() -> Instant.now().isAfter(frozen.plus(FREEZE)));
			assertReady("DEGRADED");
			this.server.thaw();
			awaitRecovered();
			Cluster.await().untilAsserted(() -> assertReady("UP"));
			assertNobodyExpires(ids);
			assertAllCompleted(local);
		}
		Cluster.await().until(() -> presence(this.two, late).equals("online"));
		this.cluster.assertHealed();
	}

	@Test
	@DisplayName("killed, and started again | every local call completes, and all is back after it")
	void shouldAnswerLocalCallsThroughARestart() throws Exception {
		awaitRecovered();
		try (SteadyCalls local = localCalls()) {
			this.server.kill();
			assertUnavailable(ClusterCall.echo(this.ofOne.getFirst()).keyed("key-2"));
			this.server.start();
			awaitRecovered();
			assertAllCompleted(local);
		}
		this.cluster.assertHealed();
	}

	@Test
	@DisplayName("all its connections killed, again and again | every local call completes, and all is back after it")
	void shouldAnswerLocalCallsWhenConnectionsAreKilled() throws Exception {
		awaitRecovered();
		try (SteadyCalls local = localCalls()) {
			for (int round = 0; round < 5; round++) {
				this.server.killConnections();
				awaitRecovered();
			}
			assertAllCompleted(local);
		}
		this.cluster.assertHealed();
	}

	/** Each agent called at the node that holds it, without a key. */
	private SteadyCalls localCalls() {
		List<SteadyCalls.Line> lines = new ArrayList<>();
		this.ofOne.forEach((agent) -> lines.add(new SteadyCalls.Line(this.one, agent)));
		this.ofTwo.forEach((agent) -> lines.add(new SteadyCalls.Line(this.two, agent)));
		return new SteadyCalls(this.cluster.callers(), lines);
	}

	private static void assertAllCompleted(SteadyCalls local) {
		List<Ending> endings = local.stop();
		System.out.printf("%d local calls, longest %d ms%n", endings.size(), local.longest().toMillis());
		assertThat(endings).isNotEmpty().allMatch((ending) -> ending.is(Outcome.COMPLETED));
	}

	private void assertUnavailable(ClusterCall call) throws Exception {
		assertThat(this.cluster.callers().call(this.one, call).get(30, TimeUnit.SECONDS))
			.isEqualTo(Ending.failed(Outcome.NOT_SENT, "unavailable", "The directory does not answer"));
	}

	/** The requests that need the database work: look-ups and keys. */
	private void awaitRecovered() {
		Instant began = Instant.now();
		Cluster.await().until(() -> presence(this.two, this.ofOne.getLast()).equals("online"));
		Cluster.await().until(() -> presence(this.one, this.ofTwo.getLast()).equals("online"));
		Cluster.await().until(this::runsAKey);
		System.out.printf("recovered after %d ms%n", Duration.between(began, Instant.now()).toMillis());
	}

	private boolean runsAKey() throws Exception {
		ClusterCall call = ClusterCall.echo(this.ofOne.getFirst()).keyed("key-" + Instant.now());
		return this.cluster.callers().call(this.one, call).get(30, TimeUnit.SECONDS).is(Outcome.COMPLETED);
	}

	/**
	 * Watches for two leases: in this time a node that takes the others for dead would
	 * expire them.
	 */
	private void assertNobodyExpires(List<NodeId> ids) {
		Cluster.await()
			.during(Cluster.LEASE.multipliedBy(2))
			.until(() -> ids.stream()
				.allMatch((id) -> "up".equals(this.cluster.state(this.one, id))
						&& "up".equals(this.cluster.state(this.two, id))));
	}

	/**
	 * Checks that the node is ready, with this status: a node stays ready while the
	 * database is away, but its status shows that.
	 */
	private void assertReady(String status) {
		HttpResponse<String> readiness = this.cluster.callers()
			.send("GET", this.one.management("/actuator/health/readiness"));
		assertThat(readiness.statusCode()).isEqualTo(200);
		assertThat(readiness.body()).endsWith(",\"status\":\"" + status + "\"}");
	}

	private String presence(GatewayProcess at, AgentId agent) {
		String path = "/v1/tenants/" + agent.tenant() + "/agents/" + agent.agent();
		return this.cluster.callers().get(at, path).path("status").asString("");
	}

}

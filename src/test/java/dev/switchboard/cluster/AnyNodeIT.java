package dev.switchboard.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Three nodes, any of which answers for any agent")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnyNodeIT {

	private static final int AGENTS_EACH = 40;

	private final Cluster cluster = Cluster.start(MariaDbServer.shared(), 3);

	@AfterAll
	void stop() {
		this.cluster.close();
	}

	@Test
	@DisplayName("every agent called at every node, all at once | each call completes with its agent's answer")
	void shouldCallAnyAgentAtAnyNode() throws Exception {
		List<AgentId> agents = this.cluster.connect("acme", AGENTS_EACH);
		List<AgentId> others = this.cluster.connect("zeta", AGENTS_EACH);
		agents.forEach(this::awaitSeen);
		others.forEach(this::awaitSeen);
		List<CompletableFuture<Ending>> calls = new ArrayList<>();
		for (GatewayProcess node : this.cluster.nodes()) {
			for (int i = 0; i < agents.size(); i++) {
				calls.add(call(node, ClusterCall.echo(agents.get(i))));
				calls.add(call(node, ClusterCall.echo(others.get(i)).after(Duration.ofMillis(i))));
			}
		}
		for (CompletableFuture<Ending> call : calls) {
			assertThat(end(call).outcome()).isEqualTo(Outcome.COMPLETED);
		}
		this.cluster.assertHealed();
	}

	@Test
	@DisplayName("one key at all nodes at once | the agent gets one call, and all callers its answer")
	void shouldRunAKeyOnceWhereverItIsTried() throws Exception {
		List<AgentId> agents = this.cluster.connect("keyed", 3);
		for (AgentId agent : agents) {
			awaitSeen(agent);
			ClusterCall call = ClusterCall.echo(agent).after(Duration.ofMillis(200)).keyed("key-" + agent.agent());
			List<CompletableFuture<Ending>> calls = this.cluster.nodes()
				.stream()
				.map((node) -> call(node, call))
				.toList();
			for (CompletableFuture<Ending> each : calls) {
				assertThat(end(each).outcome()).isEqualTo(Outcome.COMPLETED);
			}
		}
		this.cluster.assertHealed();
	}

	@Test
	@DisplayName("an agent that has moved is called at once | it is found where it is now")
	void shouldFindAnAgentThatHasMoved() throws Exception {
		AgentId agent = new AgentId("mobile", "traveller");
		this.cluster.agents().connect(List.of(agent), Cluster.agentAddress(this.cluster.node(0)));
		awaitSeen(agent);
		assertThat(end(call(this.cluster.node(2), ClusterCall.echo(agent))).outcome()).isEqualTo(Outcome.COMPLETED);
		for (int turn = 1; turn <= 6; turn++) {
			this.cluster.agents().move(agent, Cluster.agentAddress(this.cluster.node(turn % 3)));
			for (GatewayProcess node : this.cluster.nodes()) {
				// A call that the older connection still has when it is superseded is
				// lost.
				Cluster.await()
					.until(() -> end(call(node, ClusterCall.echo(agent))).outcome(), Outcome.COMPLETED::equals);
			}
		}
		this.cluster.assertHealed();
	}

	/**
	 * Waits for claims that are on their way, and repeats a call that was not sent
	 * because the machine is busy.
	 */
	private CompletableFuture<Ending> call(GatewayProcess at, ClusterCall call) {
		return this.cluster.callers().callUntilSent(at, call.awaiting(Duration.ofSeconds(30)), 50);
	}

	/**
	 * Waits for a new agent's first claim. Before it, the other nodes do not know the
	 * agent.
	 */
	private void awaitSeen(AgentId agent) {
		String path = "/v1/tenants/" + agent.tenant() + "/agents/" + agent.agent();
		Cluster.await()
			.until(() -> this.cluster.nodes()
				.stream()
				.allMatch(
						(node) -> "online".equals(this.cluster.callers().get(node, path).path("status").asString(""))));
	}

	private static Ending end(CompletableFuture<Ending> call) throws Exception {
		return call.get(60, TimeUnit.SECONDS);
	}

}

package dev.switchboard.cluster;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("night")
@DisplayName("Two nodes that have as many agents as they take, beside a third one")
class FullNodesIT {

	private static final int CAPACITY = 20;

	@AutoClose
	private final Cluster cluster = Cluster.start(MariaDbServer.shared(), 3, "switchboard.node.capacity=" + CAPACITY);

	@Test
	@DisplayName("| refuse handshakes and fail health checks, and new agents end up on the third")
	void shouldSendNewAgentsElsewhere() throws Exception {
		for (int node = 0; node < 2; node++) {
			this.cluster.agents().connect(ids("old-" + node + "-", CAPACITY), address(node));
		}
		Cluster.await().until(() -> this.cluster.held() == 2 * CAPACITY);
		assertThat(IntStream.range(0, 3).map(this::health)).containsExactly(503, 503, 200);
		List<AgentId> fresh = ids("new-", CAPACITY / 2);
		try (LibraryAgents _ = new LibraryAgents(this.cluster.history(), fresh, List.of(address(0), address(2)));
				SimulatorProcess _ = new SimulatorProcess("acme", "simulated-", CAPACITY / 2,
						List.of(address(0), address(1), address(2)))) {
			GatewayProcess third = this.cluster.node(2);
			// Each refusal may cost an agent half a minute.
			Cluster.await()
				.atMost(Duration.ofMinutes(5))
				.until(() -> this.cluster.metric(third, "switchboard_connections") == CAPACITY);
			for (int node = 0; node < 2; node++) {
				GatewayProcess full = this.cluster.node(node);
				assertThat(this.cluster.metric(full, "switchboard_connections")).isEqualTo(CAPACITY);
				assertThat(this.cluster.metric(full, "switchboard_handshakes_total", "result=\"unavailable\""))
					.isPositive();
			}
			assertThat(health(2)).as("the third is full now").isEqualTo(503);
			assertThat(
					this.cluster.callers().call(third, ClusterCall.echo(fresh.getFirst())).get().is(Outcome.COMPLETED))
				.isTrue();
		}
	}

	private int health(int node) {
		return this.cluster.callers()
			.send("GET", URI.create("http://127.0.0.1:" + this.cluster.node(node).agentPort() + "/healthz"))
			.statusCode();
	}

	private URI address(int node) {
		return Cluster.agentAddress(this.cluster.node(node));
	}

	private static List<AgentId> ids(String prefix, int count) {
		return IntStream.range(0, count).mapToObj((number) -> new AgentId("acme", prefix + number)).toList();
	}

}

package dev.switchboard.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Needs Debian's faketime: {@code mvn -Pdebian verify}. */
@DisplayName("A database whose clock steps")
@Tag("debian")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClockStepIT {

	private static final int AGENTS_EACH = 8;

	private final MariaDbServer server = MariaDbServer.withClock();

	private final Cluster cluster = Cluster.start(this.server, 2, "switchboard.agent.reconnect-min=100ms",
			"switchboard.agent.reconnect-max=500ms");

	private final GatewayProcess one = this.cluster.node(0);

	private final GatewayProcess two = this.cluster.node(1);

	@BeforeAll
	void connect() {
		this.cluster.connect("acme", AGENTS_EACH);
	}

	@AfterAll
	void stop() {
		this.cluster.close();
		this.server.stop();
	}

	@ParameterizedTest(name = "by {0} s")
	@ValueSource(longs = { -30, 3600, -3600 })
	@DisplayName("agents move meanwhile | none that is the newest is closed as superseded, and no node is given up")
	void shouldKeepEveryNodeAndEveryNewestConnection(long step) {
		List<NodeId> ids = List.of(this.cluster.id(this.one), this.cluster.id(this.two));
		List<AgentId> agents = List.copyOf(this.cluster.agents().ids());
		this.server.stepClock(Duration.ofSeconds(step));
		Instant began = Instant.now();
		for (int turn = 0; Instant.now().isBefore(began.plus(Cluster.LEASE.multipliedBy(3))); turn++) {
			GatewayProcess to = (turn % 2 == 0) ? this.two : this.one;
			agents.forEach((agent) -> this.cluster.agents().move(agent, Cluster.agentAddress(to)));
			assertThat(ids).allSatisfy((id) -> assertThat(this.cluster.state(this.one, id)).isEqualTo("up"));
			agents.forEach((agent) -> assertCallable(to, agent));
			// An agent whose newest connection is superseded stays away for a minute.
			assertThat(this.cluster.agents().connected()).isEqualTo(agents.size());
		}
		this.cluster.assertHealed();
	}

	private void assertCallable(GatewayProcess at, AgentId agent) {
		assertThat(this.cluster.callers().call(at, ClusterCall.echo(agent)).join()).extracting(Ending::outcome)
			.isEqualTo(Outcome.COMPLETED);
	}

}

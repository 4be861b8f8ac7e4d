package dev.switchboard.rebalance;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.ScriptedSession;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.concurrent.DefaultEventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.web.reactive.socket.CloseStatus;

import static org.assertj.core.api.Assertions.assertThat;

class MovingAgentsTests {

	private static final AgentId AGENT = new AgentId("acme", "a");

	private final DefaultEventExecutor loop = new DefaultEventExecutor();

	private final ManualTime time = new ManualTime();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final MovingAgents moving = new MovingAgents(this.registry, this.time, this.meters);

	private final AgentConnection connection = new ScriptedSession(this.loop).open(AGENT, 1);

	@AfterEach
	void stop() {
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	// piko 176 and 221: agents returned to the nodes that had just shed them.
	@Test
	void shouldRefuseAnAgentThatReturnsWhileThisNodeHasTooMany() {
		askedHere();
		this.moving.level(0.5);
		assertThat(this.moving.refuse(AGENT)).isNotNull();
		assertThat(this.moving.refuse(new AgentId("acme", "other"))).isNull();
		assertThat(this.meters.counter("switchboard.rebalance.refused").count()).isEqualTo(1);
	}

	@Test
	void shouldRefuseAnAgentThatAnotherNodeHasAskedToMove() {
		this.moving.askedElsewhere(List.of(AGENT));
		this.moving.level(0);
		assertThat(this.moving.refuse(AGENT)).isNotNull();
	}

	@Test
	void shouldTakeMovingAgentsWhileThisNodeHasRoom() {
		this.moving.askedElsewhere(List.of(AGENT));
		assertThat(this.moving.refuse(AGENT)).as("before the first plan").isNull();
		this.moving.level(0.5);
		assertThat(this.moving.refuse(AGENT)).isNull();
	}

	@Test
	void shouldTakeAnAgentThatHasLostItsConnectionHere() {
		askedHere();
		this.moving.level(0);
		this.registry.remove(this.connection);
		assertThat(this.moving.refuse(AGENT)).isNull();
	}

	@Test
	void shouldTakeAnAgentThatHasLostItsConnectionElsewhere() {
		this.moving.askedElsewhere(List.of(AGENT));
		this.moving.level(0);
		this.moving.lostElsewhere(List.of(AGENT));
		assertThat(this.moving.refuse(AGENT)).isNull();
	}

	@Test
	void shouldReportAgentsThatAreLostBeforeTheyMove() {
		askedHere();
		this.moving.ended(this.connection, new CloseStatus(1006));
		assertThat(this.moving.takeLost()).containsExactly(AGENT);
		assertThat(this.moving.takeLost()).isEmpty();
		askedHere();
		this.moving.ended(this.connection, new CloseStatus(4000));
		assertThat(this.moving.takeLost()).as("it has moved").isEmpty();
	}

	@Test
	void shouldNotRefuseAnAgentForLong() {
		this.moving.askedElsewhere(List.of(AGENT));
		this.moving.level(0);
		this.time.advance(AskedAgents.LONG_PATIENCE.plus(Duration.ofSeconds(1)));
		assertThat(this.moving.refuse(AGENT)).isNull();
		assertThat(this.moving.isMoving(AGENT)).isFalse();
	}

	private void askedHere() {
		this.registry.add(this.connection);
		this.moving.askedHere(List.of(this.connection));
	}

}

package dev.switchboard.handshake;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.ScriptedSession;
import dev.switchboard.directory.Claim;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.TestNode;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.TestIds;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.r2dbc.spi.ConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static dev.switchboard.directory.TestNode.LIMIT;
import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class PlacementTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop");

	private final ConnectionFactory connections = TestDatabase.H2.create();

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final TestNode node = node(Duration.ofSeconds(15));

	private boolean moving;

	private final AgentObstacle obstacle = new AgentObstacle() {

		@Override
		public @Nullable Duration refuse(AgentId agent) {
			return null;
		}

		@Override
		public boolean isMoving(AgentId agent) {
			return PlacementTests.this.moving;
		}

	};

	private TestNode node(Duration lease) {
		TestNode node = new TestNode(this.connections, lease);
		get(node.register());
		return node;
	}

	@AfterEach
	void close() {
		this.node.close();
	}

	private @Nullable String elsewhere(PlacementRule rule) {
		return new Placement(rule, this.registry, this.node.agents, this.node.member.nodes, this.node.id, this.obstacle)
			.elsewhere(AGENT)
			.block(LIMIT);
	}

	private static Claim held(TestNode by) {
		Claim claim = new Claim(AGENT, TestIds.connection(), 10, Instant.EPOCH, null);
		get(by.agents.claim(claim));
		return claim;
	}

	@Test
	void shouldSendAnAgentToTheNodeThatHoldsIt() {
		try (TestNode owner = node(Duration.ofMinutes(1))) {
			Claim claim = held(owner);
			assertThat(elsewhere(PlacementRule.OWNER)).isEqualTo("ws://127.0.0.1:8090");
			assertThat(elsewhere(PlacementRule.NEWEST)).isNull();
			owner.agents.release(claim, Instant.EPOCH, null).block(LIMIT);
			assertThat(elsewhere(PlacementRule.OWNER)).isNull();
		}
	}

	@Test
	void shouldTakeAnAgentThatNobodyHolds() {
		assertThat(elsewhere(PlacementRule.OWNER)).isNull();
		held(this.node);
		assertThat(elsewhere(PlacementRule.OWNER)).isNull();
	}

	@Test
	void shouldTakeAnAgentWhoseNodeIsPastItsLease() {
		try (TestNode owner = node(Duration.ofMillis(1))) {
			held(owner);
			await().atMost(LIMIT).until(() -> elsewhere(PlacementRule.OWNER) == null);
		}
	}

	@Test
	void shouldTakeAnAgentWhoseNodeDrains() {
		try (TestNode owner = node(Duration.ofMinutes(1))) {
			held(owner);
			owner.member.drainUntil = owner.clock.now();
			get(owner.register());
			assertThat(elsewhere(PlacementRule.OWNER)).isNull();
		}
	}

	@Test
	void shouldTakeAnAgentThatIsHereAlready() {
		DefaultEventExecutor loop = new DefaultEventExecutor();
		try (TestNode owner = node(Duration.ofMinutes(1))) {
			held(owner);
			this.registry.add(new ScriptedSession(loop).connection(AGENT, 5));
			assertThat(elsewhere(PlacementRule.OWNER)).isNull();
		}
		finally {
			loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
		}
	}

	@Test
	void shouldKeepAnAgentThatItsNodeHasAskedToLeave() {
		try (TestNode owner = node(Duration.ofMinutes(1))) {
			held(owner);
			this.moving = true;
			assertThat(elsewhere(PlacementRule.OWNER)).isNull();
		}
	}

	@Test
	void shouldTakeTheAgentWhenTheDirectoryIsAway() {
		this.node.close();
		assertThat(elsewhere(PlacementRule.OWNER)).isNull();
	}

}

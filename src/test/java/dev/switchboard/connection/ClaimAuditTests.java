package dev.switchboard.connection;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import dev.switchboard.directory.AgentRecord;
import dev.switchboard.directory.Claim;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.TestNode;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.web.reactive.socket.CloseStatus;

import static dev.switchboard.directory.TestNode.LIMIT;
import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ParameterizedClass
@EnumSource
class ClaimAuditTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop");

	private final DefaultEventExecutor loop = new DefaultEventExecutor();

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final TestNode node;

	private final TestNode other;

	private final ClaimAudit audit;

	ClaimAuditTests(TestDatabase kind) {
		ConnectionFactory connections = kind.create();
		this.node = new TestNode(connections, Duration.ofSeconds(15));
		get(this.node.register());
		this.other = new TestNode(connections, Duration.ofSeconds(15));
		get(this.other.register());
		this.audit = new ClaimAudit(this.registry, this.node.agents, this.node.clock,
				new ClaimKeeper(this.registry, this.node.agents, this.node.clock, (_) -> {
				}, TimeSource.SYSTEM, Chance.SYSTEM), this.meters, Chance.SYSTEM);
	}

	@AfterEach
	void stop() {
		this.node.close();
		this.other.close();
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	private ScriptedSession connected(AgentId agent) {
		ScriptedSession session = new ScriptedSession(this.loop);
		this.registry.add(session.connection(agent, this.node.clock.nextEpoch()));
		return session;
	}

	private Claim claim(AgentId agent) {
		long epoch = this.node.clock.nextEpoch();
		return new Claim(agent, TestIds.connection(), epoch, Instant.ofEpochSecond(0, epoch * 1000), null);
	}

	private void compare() {
		this.audit.compareAll(Duration.ofSeconds(-1)).block(LIMIT);
	}

	private AgentRecord located(AgentId agent) {
		return get(this.node.agents.locate(agent, LIMIT));
	}

	private double repaired(String how) {
		return this.meters.counter("switchboard.claims.repaired", "repair", how).count();
	}

	@Test
	void shouldClaimAnAgentWhoseClaimWasLost() {
		ScriptedSession session = connected(AGENT);
		compare();
		assertThat(located(AGENT).online()).isTrue();
		assertThat(repaired("claimed")).isEqualTo(1);
		compare();
		assertThat(repaired("claimed")).isEqualTo(1);
		assertThat(session.closed).isNull();
	}

	@Test
	void shouldCloseTheConnectionOfAnAgentThatANewerOneHolds() {
		ScriptedSession session = connected(AGENT);
		get(this.other.agents.claim(claim(AGENT)));
		compare();
		await().atMost(LIMIT).until(() -> session.closed != null);
		assertThat(session.closed).isNotNull().extracting(CloseStatus::getCode).isEqualTo(4501);
	}

	@Test
	void shouldReleaseAClaimWhoseConnectionIsGone() {
		get(this.node.agents.claim(claim(AGENT)));
		compare();
		assertThat(located(AGENT).online()).isFalse();
		assertThat(repaired("released")).isEqualTo(1);
	}

	@Test
	void shouldLeaveTheClaimsOfOthersAlone() {
		get(this.other.agents.claim(claim(AGENT)));
		compare();
		assertThat(located(AGENT).online()).isTrue();
	}

	@Test
	void shouldLeaveAYoungConnectionTheTimeForItsClaim() {
		connected(AGENT);
		this.audit.compareAll(Duration.ofMinutes(1)).block(LIMIT);
		assertThat(repaired("claimed")).isZero();
	}

	@Test
	void shouldCompareMoreThanAPage() {
		for (int i = 0; i < 2500; i++) {
			connected(new AgentId("acme", "a" + i));
		}
		compare();
		assertThat(repaired("claimed")).isEqualTo(2500);
		await().atMost(LIMIT).until(() -> claims() == 2500);
		compare();
		assertThat(repaired("claimed")).isEqualTo(2500);
		assertThat(repaired("released")).isZero();
	}

	private int claims() {
		return get(this.node.agents.claimsOfThisNode(null, Long.MAX_VALUE, 5000)).size();
	}

}

package dev.switchboard.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.Claim;
import dev.switchboard.directory.TestNode;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.time.Chance;
import dev.switchboard.time.ManualTime;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static dev.switchboard.directory.TestNode.LIMIT;
import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ParameterizedClass
@EnumSource
class OwnershipAfterAbsenceTests {

	private static final Duration LEASE = Duration.ofSeconds(15);

	private static final AgentId MOVED = new AgentId("acme", "moved");

	private static final AgentId STAYED = new AgentId("acme", "stayed");

	private final DefaultEventExecutor loop = new DefaultEventExecutor();

	private final ManualTime time = new ManualTime();

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final TestNode node;

	private final TestNode other;

	private final ClaimKeeper claims;

	private final OwnershipAfterAbsence ownership;

	OwnershipAfterAbsenceTests(TestDatabase kind) {
		ConnectionFactory connections = kind.create();
		this.node = new TestNode(connections, LEASE);
		get(this.node.register());
		this.other = new TestNode(connections, LEASE);
		get(this.other.register());
		this.claims = new ClaimKeeper(this.registry, this.node.agents, this.node.clock, (_) -> {
		}, this.time, Chance.SYSTEM);
		this.ownership = new OwnershipAfterAbsence(LEASE, this.node.agents, this.claims::claimAll, this.time);
	}

	@AfterEach
	void stop() {
		this.node.close();
		this.other.close();
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	private ScriptedSession connected(AgentId agent) {
		ScriptedSession session = new ScriptedSession(this.loop);
		AgentConnection connection = session.connection(agent, this.node.clock.nextEpoch());
		this.registry.add(connection);
		this.claims.claim(connection);
		await().atMost(LIMIT).until(() -> !this.node.agents.isWriting(agent));
		return session;
	}

	private void moves(AgentId agent) {
		this.other.clock.catchUp(this.node.clock.nextEpoch());
		assertThat(get(this.other.agents
			.claim(new Claim(agent, TestIds.connection(), this.other.clock.nextEpoch(), this.other.clock.now(), null))))
			.isTrue();
	}

	private boolean isSure() {
		return this.ownership.isSure(this.time.nanoTime());
	}

	@Test
	void shouldBeSureWhileItIsThere() {
		for (int tick = 0; tick < 10; tick++) {
			this.time.advance(LEASE.dividedBy(3));
			assertThat(isSure()).isTrue();
			this.ownership.tick();
		}
	}

	@Test
	void shouldLoseTheAgentsThatMovedMeanwhileAndKeepTheOthers() {
		ScriptedSession stale = connected(MOVED);
		ScriptedSession good = connected(STAYED);
		moves(MOVED);
		this.time.advance(LEASE);
		await().atMost(LIMIT).until(this::isSure);
		await().atMost(LIMIT).until(() -> stale.closed != null);
		assertThat(Objects.requireNonNull(stale.closed).getCode()).isEqualTo(4501);
		assertThat(good.closed).isNull();
		assertThat(get(this.node.agents.locate(STAYED, LIMIT)).online()).isTrue();
	}

	@Test
	void shouldNotBeSureBeforeTheConnectionsThatLostTakeNoMoreCalls() {
		connected(MOVED);
		AgentConnection connection = Objects.requireNonNull(this.registry.find(MOVED));
		moves(MOVED);
		CompletableFuture<Void> held = new CompletableFuture<>();
		this.loop.execute(held::join);
		this.time.advance(LEASE);
		assertThat(isSure()).isFalse();
		await().atMost(LIMIT).until(() -> !this.node.agents.isWriting(MOVED));
		assertThat(connection.accepts()).isTrue();
		assertThat(isSure()).isFalse();
		held.complete(null);
		await().atMost(LIMIT).until(this::isSure);
		assertThat(connection.accepts()).isFalse();
	}

	@Test
	void shouldNotBeSureAfterAnAbsenceWhenOnlyTheClaimsOfTheOneBeforeAreStored() {
		List<Sinks.Empty<Void>> claims = new ArrayList<>();
		OwnershipAfterAbsence twice = new OwnershipAfterAbsence(LEASE, this.node.agents, () -> {
			claims.add(Sinks.empty());
			return claims.getLast().asMono();
		}, this.time);
		for (int absence = 0; absence < 2; absence++) {
			this.time.advance(LEASE);
			assertThat(twice.isSure(this.time.nanoTime())).isFalse();
		}
		claims.getFirst().tryEmitEmpty();
		assertThat(twice.isSure(this.time.nanoTime())).isFalse();
		claims.getLast().tryEmitEmpty();
		await().atMost(LIMIT).until(() -> twice.isSure(this.time.nanoTime()));
	}

	@Test
	void shouldFindThatAnotherNodeHoldsTheAgent() {
		ScriptedSession stale = connected(MOVED);
		AgentConnection connection = Objects.requireNonNull(this.registry.find(MOVED));
		moves(MOVED);
		this.ownership.check(connection).block(LIMIT);
		await().atMost(LIMIT).until(() -> stale.closed != null);
		assertThat(Objects.requireNonNull(stale.closed).getCode()).isEqualTo(4501);
	}

	@Test
	void shouldServeAsUsualWhileTheDirectoryIsSilent() {
		ScriptedSession session = connected(STAYED);
		AgentConnection connection = Objects.requireNonNull(this.registry.find(STAYED));
		OwnershipAfterAbsence waiting = new OwnershipAfterAbsence(LEASE, this.node.agents, Mono::never, this.time);
		this.time.advance(LEASE);
		assertThat(waiting.isSure(this.time.nanoTime())).isFalse();
		this.node.database.destroy();
		waiting.check(connection).block(LIMIT);
		assertThat(waiting.isSure(this.time.nanoTime())).isTrue();
		assertThat(session.closed).isNull();
	}

}

package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.switchboard.database.MariaDbServer;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.json.Payload;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.TestIds;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.boot.health.contributor.Status;

import static dev.switchboard.directory.TestNode.LIMIT;
import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** On a MariaDB of its own, which it freezes, kills and starts again. */
@Tag("slow")
class DatabaseAwayIT {

	private static final Duration SILENCE = Duration.ofMillis(200);

	private static final AgentId AGENT = new AgentId("acme", "laptop");

	private static final MariaDbServer server = new MariaDbServer();

	private final ConnectionFactory connections = server.create();

	private final TestNode node = new TestNode(this.connections, Duration.ofSeconds(6));

	@AfterAll
	static void stopServer() {
		server.stop();
	}

	@AfterEach
	void close() {
		this.node.close();
		server.start();
	}

	private void started() {
		this.node.membership.start();
		await().atMost(LIMIT).until(this.node.membership::isAnswering);
	}

	private static Claim claim(String agent, long epoch) {
		return new Claim(new AgentId("acme", agent), TestIds.connection(), epoch, Instant.EPOCH, null);
	}

	private Status health() {
		return this.node.member.health();
	}

	private void assertUnavailable() {
		assertThatExceptionOfType(DatabaseUnavailableException.class)
			.isThrownBy(() -> this.node.agents.locate(AGENT, SILENCE).block(LIMIT));
	}

	@Test
	void shouldServeAgainAfterAFreezeInWhichEveryCallerGaveUp() {
		started();
		server.freeze();
		try {
			Flux.range(0, 200)
				.flatMap((i) -> this.node.agents.locate(AGENT, SILENCE).onErrorComplete(), 200)
				.blockLast(LIMIT);
			assertUnavailable();
			await().atMost(LIMIT).until(this::health, new Status("DEGRADED")::equals);
		}
		finally {
			server.thaw();
		}
		await().atMost(LIMIT).until(this::health, Status.UP::equals);
		assertThat(this.node.agents.locate(AGENT, LIMIT).block()).isNull();
		assertThat(server.connections()).isLessThanOrEqualTo(TestNode.MAX_CONNECTIONS + 1);
	}

	@Test
	void shouldStoreAClaimWhenTheDatabaseComesBack() {
		started();
		server.freeze();
		CompletableFuture<Boolean> won;
		try {
			won = this.node.agents.claim(claim("laptop", 10)).toFuture();
			assertUnavailable();
			assertThat(won).isNotDone();
		}
		finally {
			server.thaw();
		}
		assertThat(won).succeedsWithin(LIMIT).isEqualTo(true);
	}

	@Test
	void shouldGoOnAfterARestart() {
		started();
		get(this.node.agents.claim(claim("laptop", 10)));
		server.stop();
		assertUnavailable();
		List<CompletableFuture<Boolean>> won = Flux.range(0, 20)
			.map((i) -> this.node.agents.claim(claim("a" + i, 1)).toFuture())
			.collectList()
			.block();
		CompletableFuture<Boolean> ended = this.node.calls.end(TestIds.call(), Payload.NULL, LIMIT).toFuture();
		server.start();
		assertThat(won).allSatisfy((claim) -> assertThat(claim).succeedsWithin(LIMIT).isEqualTo(true));
		assertThat(ended).succeedsWithin(LIMIT).isEqualTo(false);
		assertThat(get(this.node.agents.locate(AGENT, LIMIT)).epoch()).isEqualTo(10);
		await().atMost(LIMIT).until(this.node.membership::isAnswering);
	}

	/**
	 * All leases have lapsed by then, and no node may declare others dead because of
	 * that.
	 */
	@Test
	void shouldExpireNobodyAfterAFreezeOfManyLeases() {
		Duration lease = Duration.ofSeconds(2);
		try (TestNode first = new TestNode(this.connections, lease);
				TestNode second = new TestNode(this.connections, lease)) {
			List.of(first, second).forEach((node) -> node.membership.start());
			await().atMost(LIMIT).until(() -> bothAnswer(first, second));
			get(first.agents.claim(claim("laptop", 10)));
			server.freeze();
			try {
				await().pollDelay(lease.multipliedBy(3))
					.atMost(LIMIT)
					.until(() -> !first.membership.isAnswering() && !second.membership.isAnswering());
			}
			finally {
				server.thaw();
			}
			await().atMost(LIMIT).until(() -> bothAnswer(first, second));
			// Six heartbeats of three statements each take two leases. In this time the
			// node
			// judges the other nodes.
			double beats = first.statements("heartbeat");
			await().atMost(LIMIT).until(() -> first.statements("heartbeat") >= beats + 18);
			assertThat(get(first.member.nodes.list(LIMIT))).extracting(NodeRecord::state)
				.containsExactly(NodeState.UP, NodeState.UP);
			assertThat(first.member.losses).hasValue(0);
			assertThat(second.member.losses).hasValue(0);
			assertThat(get(second.agents.locate(AGENT, LIMIT)).online()).isTrue();
		}
	}

	private static boolean bothAnswer(TestNode first, TestNode second) {
		return first.membership.isAnswering() && second.membership.isAnswering();
	}

	@Test
	void shouldGoOnWhenItsConnectionsAreKilledAgainAndAgain() {
		started();
		for (int round = 1; round <= 5; round++) {
			List<CompletableFuture<Boolean>> won = claims(2L * round);
			server.killConnections();
			won.addAll(claims(2L * round + 1));
			assertThat(won).allSatisfy((claim) -> assertThat(claim).succeedsWithin(LIMIT));
			assertThat(won.subList(50, 100)).allSatisfy((claim) -> assertThat(claim).isCompletedWithValue(true));
		}
		await().atMost(LIMIT)
			.ignoreExceptions()
			.until(() -> get(this.node.agents.locate(new AgentId("acme", "a49"), LIMIT)).epoch() == 11);
		await().atMost(LIMIT).until(this.node.membership::isAnswering);
		assertThat(server.connections()).isLessThanOrEqualTo(TestNode.MAX_CONNECTIONS + 1);
	}

	private List<CompletableFuture<Boolean>> claims(long epoch) {
		return IntStream.range(0, 50)
			.mapToObj((i) -> this.node.agents.claim(claim("a" + i, epoch)).toFuture())
			.collect(Collectors.toCollection(ArrayList::new));
	}

	@Test
	void shouldStartWhileTheDatabaseIsAway() {
		server.stop();
		try (TestNode early = TestNode.withoutDatabase(this.connections, Duration.ofSeconds(6))) {
			early.membership.start();
			CompletableFuture<Boolean> won = early.agents.claim(claim("early", 1)).toFuture();
			assertThatExceptionOfType(DatabaseUnavailableException.class)
				.isThrownBy(() -> early.member.nodes.list(SILENCE).block(LIMIT));
			assertThat(early.membership.isAnswering()).isFalse();
			server.start();
			assertThat(won).succeedsWithin(LIMIT).isEqualTo(true);
			await().atMost(LIMIT).until(early.membership::isAnswering);
		}
	}

}

package dev.switchboard.call;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

import dev.switchboard.database.MortalConnections;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.TestNode;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.AgentId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static dev.switchboard.directory.TestNode.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Calls with keys, on a MariaDB whose table of calls another session has locked. */
class LockedCallsTests {

	private static final Payload BODY = Payload.parse("{\"method\":\"m\"}");

	private static final int KEYS = 8;

	private final ConnectionFactory connections = TestDatabase.MARIADB.create();

	private final TestNode node = new TestNode(this.connections, Duration.ofSeconds(15));

	private final Recorder recorder = TestCalls.recorder(this.node);

	@AfterEach
	void close() {
		this.node.close();
	}

	@RepeatedTest(4)
	void shouldRunTheCallsOnceTheirKeysCanBeRecorded() {
		TestNode.get(this.node.register());
		Connection locking = TestNode.get(Mono.from(this.connections.create()));
		run(locking, "LOCK TABLES calls WRITE");
		assertThat(outcomes(this.recorder)).hasSize(KEYS).containsOnly(Outcome.NOT_SENT);
		run(locking, "UNLOCK TABLES");
		Set<Outcome> seen = EnumSet.noneOf(Outcome.class);
		await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> {
			List<Outcome> outcomes = outcomes(this.recorder);
			seen.addAll(outcomes);
			return Set.copyOf(outcomes).equals(Set.of(Outcome.COMPLETED)) || seen.contains(Outcome.UNKNOWN);
		});
		assertThat(seen).as("no key holds its row for nothing").doesNotContain(Outcome.UNKNOWN);
		Mono.from(locking.close()).block(LIMIT);
	}

	@Test
	void shouldFreeTheKeysOfANodeThatDiesWhileItsCallsWaitForTheLock() {
		TestNode.get(this.node.register());
		MortalConnections mortal = new MortalConnections(this.connections);
		TestNode dying = new TestNode(mortal, Duration.ofSeconds(15));
		TestNode.get(dying.register());
		Connection locking = TestNode.get(Mono.from(this.connections.create()));
		run(locking, "LOCK TABLES calls WRITE");
		assertThat(outcomes(TestCalls.recorder(dying))).hasSize(KEYS).containsOnly(Outcome.NOT_SENT);
		mortal.die();
		run(locking, "UNLOCK TABLES");
		await().atMost(LIMIT).until(() -> this.node.count("calls") == KEYS);
		await().atMost(LIMIT).until(() -> Set.copyOf(outcomes(this.recorder)).equals(Set.of(Outcome.COMPLETED)));
		dying.close();
		Mono.from(locking.close()).block(LIMIT);
	}

	private static List<Outcome> outcomes(Recorder recorder) {
		return Objects.requireNonNull(Flux.fromStream(IntStream.range(0, KEYS).boxed())
			.flatMap((key) -> TestCalls.outcome(recorder, request("k" + key)), KEYS)
			.collectList()
			.block(LIMIT));
	}

	private static CallRequest request(String key) {
		return TestCalls.request(new AgentId("acme", "laptop"), key, BODY);
	}

	private static void run(Connection connection, String sql) {
		Flux.from(connection.createStatement(sql).execute())
			.flatMap((result) -> result.getRowsUpdated())
			.blockLast(LIMIT);
	}

}

package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.switchboard.database.Sql;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.TestIds;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static dev.switchboard.directory.TestNode.LIMIT;
import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Two nodes, and a directory on MariaDB that loses tables under them. */
class LostTablesTests {

	private static final Duration LEASE = Duration.ofSeconds(2);

	private static final Claim CLAIM = new Claim(new AgentId("acme", "laptop"), TestIds.connection(), 7, Instant.EPOCH,
			null);

	private final ConnectionFactory connections = TestDatabase.MARIADB.create();

	private final TestNode node = new TestNode(this.connections, LEASE);

	private final TestNode other = new TestNode(this.connections, LEASE);

	@BeforeEach
	void start() {
		List.of(this.node, this.other).forEach((each) -> {
			each.membership.start();
			await().atMost(LIMIT).until(each.membership::isAnswering);
		});
		get(this.node.agents.claim(CLAIM));
	}

	@AfterEach
	void close() {
		this.node.close();
		this.other.close();
	}

	private void drop(String... tables) {
		Mono.usingWhen(this.connections.create(),
				(connection) -> Flux.just(tables)
					.concatMap((table) -> Sql.update(connection, "DROP TABLE " + table))
					.then(),
				Connection::close)
			.block(LIMIT);
	}

	private void assertRegisteredAnewAndOfUse() {
		await().atMost(LIMIT).until(() -> this.node.member.losses.get() > 0 && this.other.member.losses.get() > 0);
		await().atMost(LIMIT).ignoreExceptions().until(() -> get(this.node.member.nodes.list(LIMIT)).size() == 2);
		assertThat(get(this.node.agents.claim(CLAIM))).isTrue();
		assertThat(get(this.other.agents.locate(CLAIM.agent(), LIMIT)).epoch()).isEqualTo(7);
	}

	@Test
	void shouldMakeTheTablesOfAnEmptyDirectory() {
		drop("agents", "calls", "nodes", "schema_version");
		assertRegisteredAnewAndOfUse();
	}

	@Test
	void shouldMakeTablesThatAreNotThereThoughTheyWereMadeOnce() {
		drop("nodes", "agents");
		assertRegisteredAnewAndOfUse();
	}

	@Test
	void shouldLearnFromACallThatItsTableIsGone() {
		drop("calls");
		await().atMost(LIMIT)
			.ignoreExceptions()
			.until(() -> this.node.calls.find("acme", TestIds.call(), LIMIT).blockOptional(LIMIT).isEmpty());
	}

}

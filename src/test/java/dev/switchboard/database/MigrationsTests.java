package dev.switchboard.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.switchboard.node.DirectoryClock;
import dev.switchboard.node.MemberStatements;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeStatus;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.time.TimeSource;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

class MigrationsTests {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final Path FILES = Path.of("src/main/resources/db/migration");

	/** The first shape of the table, which the oldest databases have. */
	private static final String OLD_AGENTS = "CREATE TABLE agents (tenant VARBINARY(128) NOT NULL, "
			+ "agent VARBINARY(128) NOT NULL, node BINARY(16), connection_id BINARY(16) NOT NULL, "
			+ "epoch BIGINT NOT NULL, connected_at BIGINT NOT NULL, last_seen BIGINT NOT NULL, "
			+ "remote_address VARCHAR(255), PRIMARY KEY (tenant, agent), KEY agents_by_node (node, last_seen))";

	/**
	 * Databases have run these files, so they must not change. Whoever changes tables
	 * adds a file, and a line here.
	 */
	@Test
	void shouldNeverChangeAFile() throws IOException {
		assertThat(digests()).containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
				Map.entry("V10__create_descriptions.sql",
						"1a5db1ffeaef21a711ed625748f2bc903733c38d8c13bc5b87ebdff25398de8e"),
				Map.entry("V11__create_agent_labels.sql",
						"607cbce42b4fc6a5eee5ec6ce4bf645bd7e8d253e59ec300102e57c352149d24"),
				Map.entry("V13__create_event_batches.sql",
						"7f084bf55c473587f5208efffecaf0cec85de1d0a1a49f7a0590e9aa4f3be401"),
				Map.entry("V14__create_event_ids__split.sql",
						"8f4e8e6156ca1377d7ded2b2ab7017158531edd485bb82814a09f84d354266e6"),
				Map.entry("V15__create_event_log.sql",
						"4d4c1b9e2321696970b23e6f8eff2dd3928864d9332c27bb0964d53a178578eb"),
				Map.entry("V16__begin_event_log.sql",
						"1f62686e01d3c584240172fb5d500cc0a25044da498d98dac47ec145cc4198e1"),
				Map.entry("h2/V12__add_the_description_of_agents__split.sql",
						"d803bd728ac361a350ecbde72a0f2ecaed7055b8582236f8efe620048c958ed8"),
				Map.entry("mysql/V12__add_the_description_of_agents__split.sql",
						"d0b3092373cb2d606cf2c02f5ac63f15e255bfd0541a3c264e624edb2ece7ea7"),
				Map.entry("h2/V21__add_the_changes_of_agents__split.sql",
						"4539b092dc7b531fa29bc5793bbd36ef315692e6a0890da30dcc938cba588e51"),
				Map.entry("mysql/V21__add_the_changes_of_agents__split.sql",
						"23c0f4bc4760dcacd96bf04f9898f73197170de7ebfcabdb284b139359284b18"),
				Map.entry("V20__create_pushes.sql", "a4f00244a7495ab6b67e0cef434eb170165d791f58e7e8aff7efc8f4643d7743"),
				Map.entry("V24__create_relays.sql", "11bde29f00a5e2fc592ee5217b0c9ae97359bcfbaa0dab886b1ca85e917d47ac"),
				Map.entry("V25__create_webhooks.sql",
						"24117ee28ff81f85b734c5bccd45c374f1e505bf80700f19d6d2305f37bbb8cf"),
				Map.entry("V26__create_webhook_deliveries.sql",
						"7f4fb74b41932e8fe94497d7ade6ec304a7a5839d89cd03e6b9309a42c9a9438"),
				Map.entry("V27__create_revocations__split.sql",
						"855dfc0725cdb398156822878f4dc2a82d945e3df166a07bc9647275b0a6f9f5"),
				Map.entry("V28__create_tenants.sql",
						"a6164a6b2c8b7b2a7e30dd4703d7f48538cb2f84cc7e2581c72efac6472581ce"),
				Map.entry("V1__create_nodes.sql", "6ef15f27d5527df91fbbe7bcde5c8be24863e44cda7dd9da95a63cb1b4c5d3f3"),
				Map.entry("V2__create_agents.sql", "617ab7742a4ee2f5155af1bfa14359e8d25e2d4a51f0c0e3852365031f9ff444"),
				Map.entry("V3__create_calls.sql", "fff68844348010578feaf38df2b027c0c07997a3572fb7b4c660afe9410ca52f"),
				Map.entry("V6__create_epochs.sql", "8e5316c6950268760383b78600dc06cddf1c8fd73f0b44b941140c7aa18b8895"),
				Map.entry("h2/V5__add_the_wire_of_nodes.sql",
						"c15f1eb8d4ab6e7abecd6298ee08a3179f54dd700b421514ea8b22fc425feaf1"),
				Map.entry("mysql/V4__make_old_agents_like_new_ones__split.sql",
						"d4da96db565801fe3936a07a9c0fab342d93a3a6969258fb2703597afb5faeac"),
				Map.entry("mysql/V5__add_the_wire_of_nodes__split.sql",
						"356fba199b329637734ea693147d32157aade4cea2218752a2216a977294259c"),
				Map.entry("h2/V7__add_what_nodes_publish__split.sql",
						"0d455d06151b389ed826926ca5a3170217caa81d3af2b5bbfc8fcecc4c208bee"),
				Map.entry("mysql/V7__add_what_nodes_publish__split.sql",
						"9d51936fb7a6db4bcab0c323bf062c774a0dfa79cc16a9f7ac18eec55787a215"),
				Map.entry("h2/V8__add_how_connections_ended__split.sql",
						"89daf67cb8d0b0161576a75489dda949bee1340ca2174b5a415f2336047d343b"),
				Map.entry("mysql/V8__add_how_connections_ended__split.sql",
						"1d33fb6e62a834ab2865bb878edb06456ba2094fff26ea5ce19c66691a80587d"),
				Map.entry("mysql/V9__store_texts_of_nodes_in_unicode.sql",
						"1066dc708dc1015894bbaa74fec86ef84c3de558f06560ecf340f1642c748313")));
	}

	private static Map<String, String> digests() throws IOException {
		Map<String, String> digests = new TreeMap<>();
		try (Stream<Path> files = Files.walk(FILES)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				digests.put(FILES.relativize(file).toString(), Sha256.of(Files.readAllBytes(file)).hex());
			}
		}
		return digests;
	}

	@Test
	void shouldDoNothingToTablesThatAreAsTheyShouldBe() {
		ConnectionFactory connections = TestDatabase.MARIADB.create();
		Migrations.run(connections).block(LIMIT);
		List<String> made = columns(connections);
		Migrations.again(connections).block(LIMIT);
		assertThat(columns(connections)).isEqualTo(made)
			.contains("agents.previous_node", "nodes.wire", "nodes.drain_until", "agents.closed_at",
					"agents.close_code", "agents.close_reason");
	}

	@Test
	void shouldMakeTablesAgainThatAFileNeeds() {
		ConnectionFactory connections = TestDatabase.MARIADB.create();
		Migrations.run(connections).block(LIMIT);
		List<String> made = columns(connections);
		// As if a new version had one more file, and somebody had restored the database.
		run(connections, "DELETE FROM schema_version WHERE id > 4", "DROP TABLE nodes");
		Migrations.run(connections).block(LIMIT);
		assertThat(columns(connections)).isEqualTo(made);
	}

	@Test
	void shouldBringTheFirstShapeOfTheTablesToThisOne() throws IOException {
		ConnectionFactory fresh = TestDatabase.MARIADB.create();
		Migrations.run(fresh).block(LIMIT);
		ConnectionFactory old = TestDatabase.MARIADB.create();
		run(old, OLD_AGENTS, "CREATE TABLE schema_version (id bigint primary key, description text)",
				"INSERT INTO schema_version VALUES (2, 'create agents')",
				"INSERT INTO agents VALUES ('acme', 'laptop', NULL, '0123456789abcdef', 1, 1, 1, '127.0.0.1:5')",
				text("V1__create_nodes.sql"));
		Migrations.run(old).block(LIMIT);
		assertThat(columns(old)).isEqualTo(columns(fresh));
	}

	@Test
	void shouldStoreTheTextsOfNodesWhereTheDatabaseHasAnotherCharacterSet() {
		ConnectionFactory connections = TestDatabase.MARIADB.create();
		run(connections, "ALTER DATABASE CHARACTER SET latin1");
		Migrations.run(connections).block(LIMIT);
		String zone = "\u0436 \ud83d\ude00";
		MemberStatements member = new MemberStatements(TestIds.node(), "127.0.0.1", () -> zone, LIMIT,
				new NodeStatus(() -> 1, 1, null, () -> 0, "1", () -> 1), new DirectoryClock(TimeSource.SYSTEM));
		List<NodeRecord> nodes = with(connections,
				(connection) -> member.register(connection, null, LIMIT).then(MemberStatements.list(connection)));
		assertThat(nodes).extracting((node) -> node.traits().zone()).containsExactly(zone);
	}

	private static String text(String file) throws IOException {
		return Files.readString(FILES.resolve(file));
	}

	private static void run(ConnectionFactory connections, String... statements) {
		with(connections,
				(connection) -> Flux.just(statements)
					.concatMap((statement) -> Sql.update(connection, statement))
					.then(Mono.just(true)));
	}

	/** Returns the columns of all tables, sorted by table and name. */
	private static List<String> columns(ConnectionFactory connections) {
		return with(connections, (connection) -> Sql.select(connection,
				"SELECT LOWER(table_name) AS t, LOWER(column_name) AS c FROM information_schema.columns "
						+ "WHERE table_schema = DATABASE() AND table_name IN ('nodes', 'agents', 'calls') ORDER BY 1, 2",
				(row) -> row.get("t", String.class) + "." + row.get("c", String.class)));
	}

	private static <T> T with(ConnectionFactory connections, Function<Connection, Mono<T>> work) {
		return Mono.usingWhen(connections.create(), work, Connection::close).blockOptional(LIMIT).orElseThrow();
	}

}

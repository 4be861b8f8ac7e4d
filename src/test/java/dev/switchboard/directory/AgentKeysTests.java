package dev.switchboard.directory;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import dev.switchboard.database.Sql;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

@ParameterizedClass
@EnumSource
class AgentKeysTests {

	private static final int STORED = 2000;

	private static final Pattern H2_SCANNED = Pattern.compile("scanCount: (\\d+)");

	private final TestDatabase kind;

	private final TestNode node;

	AgentKeysTests(TestDatabase kind) {
		this.kind = kind;
		this.node = new TestNode(kind.create(), TestNode.LIMIT);
		for (int number = 0; number < STORED; number++) {
			store(agent(number));
		}
	}

	@AfterEach
	void close() {
		this.node.close();
	}

	private static AgentId agent(int number) {
		return new AgentId((number % 10 == 0) ? "other" : "acme", "agent-" + number);
	}

	private void store(AgentId agent) {
		get(this.node.database.request("store",
				(connection) -> Sql.update(connection,
						"INSERT INTO agents (tenant, agent, connection_id, epoch, connected_at, last_seen) "
								+ "VALUES (?, ?, ?, 1, 1, 1)",
						Sql.bytes(agent.tenant()), Sql.bytes(agent.agent()), new byte[16])));
	}

	private static List<AgentId> some(int count) {
		return IntStream.range(0, count).mapToObj((i) -> agent(3 * i)).toList();
	}

	@Test
	void shouldSelectTheAgentsOfSeveralListsAndTenants() {
		List<AgentRecord> found = get(
				this.node.database.request("find", (connection) -> AgentTable.find(connection, some(600))));
		assertThat(found).extracting(AgentRecord::agent).containsExactlyInAnyOrderElementsOf(some(600));
	}

	@Test
	void shouldReadTheRowsOfTheAgentsOnly() {
		AgentKeys keys = AgentKeys.of(some(20));
		String query = "SELECT a.tenant FROM agents a WHERE " + keys.condition();
		assertThat(scanned(query, keys.values().toArray())).isLessThan(25);
	}

	/** Asks the database how many rows it reads. */
	private long scanned(String query, Object... values) {
		if (this.kind == TestDatabase.H2) {
			String plan = get(this.node.database.request("explain", (connection) -> Sql.select(connection,
					"EXPLAIN ANALYZE " + query, (row) -> row.get(0, String.class), values)))
				.getFirst();
			return H2_SCANNED.matcher(plan).results().mapToLong((found) -> Long.parseLong(found.group(1))).sum();
		}
		String rows = get(this.node.database.request("explain", (connection) -> Sql.select(connection,
				"EXPLAIN " + query, (row) -> String.valueOf(row.get("rows")), values)))
			.getFirst();
		return Long.parseLong(rows);
	}

}

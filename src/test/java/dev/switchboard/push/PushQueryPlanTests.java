package dev.switchboard.push;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.switchboard.database.Sql;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.AgentKeys;
import dev.switchboard.protocol.AgentId;
import io.r2dbc.spi.Readable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import static dev.switchboard.directory.TestNode.LIMIT;
import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

/** The plans of MariaDB, with so many pushes that it has a choice. None may scan. */
class PushQueryPlanTests {

	private static final int AGENTS = 200;

	private static final int EACH = 25;

	private final TestPushes test = new TestPushes(TestDatabase.MARIADB.create(), 100, 100_000);

	/** A row of EXPLAIN. */
	private record Step(String type, String key, String extra) {

		static Step of(Readable row) {
			return new Step(text(row, "type"), text(row, "key"), text(row, "Extra"));
		}

		private static String text(Readable row, String column) {
			return String.valueOf(row.get(column, String.class));
		}

	}

	/** Most pushes wait, and most are announced. */
	@BeforeEach
	void store() {
		Flux.range(0, AGENTS)
			.map((number) -> IntStream.range(0, EACH)
				.mapToObj((i) -> TestPushes.push(new AgentId("acme", "agent-" + number), "1"))
				.toList())
			.concatMap((pushes) -> this.test.node.database.request("push",
					(connection) -> PushTable.insert(connection, pushes)))
			.blockLast(LIMIT);
		run("UPDATE pushes SET unannounced = NULL WHERE seq > 5");
		run("UPDATE pushes SET ended = 1 WHERE seq % 5 = 0");
		get(this.test.node.database.upkeep("analyze",
				(connection) -> Sql.select(connection, "ANALYZE TABLE pushes", (_) -> true)));
	}

	@AfterEach
	void close() {
		this.test.close();
	}

	private void run(String sql) {
		get(this.test.node.database.request("run", (connection) -> Sql.update(connection, sql)));
	}

	private Step plan(String sql, Object... values) {
		return plans(sql, values).getFirst();
	}

	private List<Step> plans(String sql, Object... values) {
		return get(this.test.node.database.request("explain",
				(connection) -> Sql.select(connection, "EXPLAIN " + sql, Step::of, values)));
	}

	@Test
	void shouldReadWhatWaitsForAnAgentInItsOrder() {
		Step step = plan(
				"SELECT id, method, payload FROM pushes WHERE tenant = ? AND agent = ? AND " + PushTable.WAITS
						+ " AND id NOT IN (?) ORDER BY seq LIMIT 16",
				Sql.bytes("acme"), Sql.bytes("agent-7"), new byte[16]);
		assertThat(step.key()).isEqualTo("pushes_by_agent");
		assertThat(step.extra()).doesNotContain("filesort", "temporary");
	}

	@Test
	void shouldLookForArrivedAgentsByTheIndexAlone() {
		List<AgentId> agents = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			agents.add(new AgentId("acme", "other-" + i));
		}
		AgentKeys keys = AgentKeys.of(agents);
		Step count = plans(WaitingTable.counting(keys), keys.values().toArray()).getLast();
		assertThat(count.key()).isEqualTo("pushes_by_agent");
		assertThat(count.type()).isEqualTo("ref");
		assertThat(count.extra()).contains("Using index");
	}

	@Test
	void shouldCountForATenantByAnIndexAlone() {
		Step step = plan("SELECT 1 FROM pushes WHERE tenant = ? AND " + PushTable.WAITS + " LIMIT 100",
				Sql.bytes("acme"));
		assertThat(step.key()).isIn("pushes_by_tenant", "pushes_by_agent");
		assertThat(step.extra()).contains("Using index");
	}

	@Test
	void shouldFindWhatIsNotAnnouncedByItsIndex() {
		Step step = plan("SELECT id, tenant, agent FROM pushes WHERE unannounced < " + Sql.CLOCK + " - ? LIMIT 500",
				1L);
		assertThat(step.key()).isEqualTo("pushes_by_unannounced");
		assertThat(step.type()).isEqualTo("range");
	}

	@Test
	void shouldFindOldPushesByTheirIndex() {
		Step step = plan("DELETE FROM pushes WHERE ended = 1 AND expires <= " + Sql.CLOCK + " - 1 LIMIT 500");
		assertThat(step.key()).isEqualTo("pushes_by_expiry");
		assertThat(step.type()).isEqualTo("range");
	}

	@Test
	void shouldAcknowledgeByIds() {
		Step step = plan("UPDATE pushes SET ended = 1 WHERE id IN (?, ?) AND " + PushTable.WAITS, new byte[16],
				new byte[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 });
		assertThat(step.key()).isEqualTo("pushes_by_id");
		assertThat(step.type()).isEqualTo("range");
	}

}

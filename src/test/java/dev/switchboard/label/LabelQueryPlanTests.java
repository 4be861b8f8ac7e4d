package dev.switchboard.label;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.switchboard.database.Sql;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.Claim;
import dev.switchboard.directory.TestNode;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.time.Chance;
import io.r2dbc.spi.Readable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import static dev.switchboard.directory.TestNode.LIMIT;
import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The plans of MariaDB for selectors, with so many agents that it has a choice. Peers
 * read all devices for a filter: nerves-hub/nerves_hub_web 1501, arm/device-connect 67.
 */
class LabelQueryPlanTests {

	private static final int AGENTS = 3000;

	private final TestNode node = new TestNode(TestDatabase.MARIADB.create(), Duration.ofSeconds(15));

	/** A row of EXPLAIN. */
	private record Step(String table, String type, String key, String extra) {

		static Step of(Readable row) {
			return new Step(text(row, "table"), text(row, "type"), text(row, "key"), text(row, "Extra"));
		}

		private static String text(Readable row, String column) {
			return String.valueOf(row.get(column, String.class));
		}

	}

	@BeforeEach
	void describe() {
		get(this.node.register());
		List<DescriptionWrite> writes = IntStream.range(0, AGENTS).mapToObj((i) -> write("agent-" + i, i)).toList();
		Flux.fromIterable(writes)
			.flatMap((write) -> this.node.agents
				.claim(new Claim(write.agent(), write.connection(), this.node.clock.nextEpoch(), Instant.EPOCH, null)),
					500)
			.blockLast(LIMIT);
		Flux.fromIterable(writes)
			.buffer(200)
			.concatMap((some) -> this.node.database.upkeep("describe",
					(connection) -> DescriptionChanges.store(connection, some, Chance.SYSTEM)))
			.blockLast(LIMIT);
		get(this.node.database.upkeep("analyze", (connection) -> Sql.select(connection,
				"ANALYZE TABLE agents, agent_labels, descriptions", (_) -> true)));
	}

	private static DescriptionWrite write(String agent, int i) {
		Map<String, String> labels = Map.of("env", (i % 3 > 0) ? "prod" : "test", "rack", "r" + i % 100, "host", agent);
		return new DescriptionWrite(new AgentId("acme", agent), TestIds.connection(),
				AgentDescription.of(new Frame.Hello(labels, null)), () -> true);
	}

	@AfterEach
	void close() {
		this.node.close();
	}

	private List<Step> plan(String text) {
		Selector selector = Selector.parse(text);
		Requirement first = selector.requirements().getFirst();
		return get(this.node.database.request("explain", (connection) -> {
			SqlText sql = new LabelQuery(connection, "acme", selector, true).sql(first, null, 100);
			return Sql.select(connection, "EXPLAIN " + sql.text(), Step::of, sql.values());
		}));
	}

	@Test
	void shouldFollowTheIndexOfALabelInTheOrderOfThePage() {
		for (String selector : List.of("env=prod", "env=prod,host!=x", "host=agent-7,env=prod", "env=prod,!canary")) {
			List<Step> plan = plan(selector);
			assertThat(plan).as(selector).first().satisfies((step) -> {
				assertThat(step.table()).isEqualTo("l");
				assertThat(step.key()).isEqualTo("agent_labels_by_content");
				assertThat(step.extra()).doesNotContain("filesort", "temporary");
			});
			assertThat(plan).as(selector).extracting(Step::type).doesNotContain("ALL", "index");
		}
	}

	@Test
	void shouldFollowTheIndexForEachValueOfASet() {
		List<Step> plan = plan("rack in (r1,r2),env=prod");
		assertThat(plan.stream().filter((step) -> step.table().equals("l"))).hasSize(2)
			.allSatisfy((step) -> assertThat(step.key()).isEqualTo("agent_labels_by_content"))
			.noneSatisfy((step) -> assertThat(step.extra()).contains("filesort"));
		assertThat(plan.stream().filter((step) -> !step.table().startsWith("<"))).extracting(Step::type)
			.doesNotContain("ALL", "index");
	}

	@Test
	void shouldFollowTheKeyOfALabelThatMustExist() {
		assertThat(plan("rack,env!=prod")).first().satisfies((step) -> {
			assertThat(step.table()).isEqualTo("l");
			assertThat(step.key()).isEqualTo("PRIMARY");
			assertThat(step.extra()).doesNotContain("filesort", "temporary");
		});
	}

}

package dev.switchboard.directory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.switchboard.database.MariaDbServer;
import dev.switchboard.database.Sql;
import dev.switchboard.label.LabelStatements;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.Chance;
import io.r2dbc.spi.Connection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One tenant with a million agents on MariaDB, of ten labels each: pages that selectors
 * select, each with its time and its plan, and a storm of agents that return with the
 * labels that they had. A plan that reads all agents fails the run.
 * <p>
 * Arguments, each optional: agents ({@code 1000000}), the server's buffer pool
 * ({@code 4G}).
 */
public final class LabelsBenchmark {

	private static final int PAGES = 200;

	private static final int STORM = 20_000;

	private static final int BATCH = 200;

	/** The labels' names, and their values by the agent's number. */
	private static final Map<String, String> LABELS = labels();

	private final int agents;

	private final TestNode node;

	private LabelsBenchmark(int agents, TestNode node) {
		this.agents = agents;
		this.node = node;
	}

	private static Map<String, String> labels() {
		Map<String, String> labels = new LinkedHashMap<>();
		labels.put("env", "ELT(1 + seq MOD 5, 'prod', 'prod', 'prod', 'stage', 'test')");
		labels.put("region", "CONCAT('r', seq DIV 7 MOD 10)");
		labels.put("rack", "CONCAT('rack-', seq DIV 3 MOD 1000)");
		labels.put("role", "CONCAT('role-', seq DIV 11 MOD 20)");
		labels.put("version", "CONCAT('1.', seq DIV 13 MOD 100)");
		labels.put("os", "ELT(1 + seq DIV 17 MOD 3, 'linux', 'windows', 'macos')");
		labels.put("arch", "ELT(1 + seq DIV 19 MOD 2, 'amd64', 'arm64')");
		labels.put("shard", "CONCAT('s', seq DIV 23 MOD 100)");
		labels.put("owner", "CONCAT('team-', seq DIV 29 MOD 500)");
		labels.put("host", "CONCAT('host-', seq)");
		return labels;
	}

	public static void main(List<String> args) {
		int agents = args.isEmpty() ? 1_000_000 : Integer.parseInt(args.get(0));
		String pool = (args.size() < 2) ? "4G" : args.get(1);
		MariaDbServer server = new MariaDbServer("--innodb-buffer-pool-size=" + pool, "--innodb-log-file-size=1G");
		try (TestNode node = new TestNode(server.create(), Duration.ofMinutes(10))) {
			TestNode.get(node.register());
			LabelsBenchmark benchmark = new LabelsBenchmark(agents, node);
			benchmark.fill();
			benchmark.measure();
		}
		finally {
			server.stop();
		}
	}

	private void fill() {
		long started = System.nanoTime();
		update("SET GLOBAL innodb_flush_log_at_trx_commit = 0");
		String from = " FROM seq_0_to_" + (this.agents - 1);
		String agent = "CONCAT('agent-', LPAD(seq, 8, '0'))";
		String node = "x'" + this.node.id.toString().replace("-", "") + "'";
		update("INSERT INTO agents (tenant, agent, node, connection_id, epoch, connected_at, last_seen, description) "
				+ "SELECT 'acme', " + agent + ", IF(seq MOD 10 = 0, NULL, " + node
				+ "), UNHEX(MD5(seq)), 1000000 + seq, 1000000 + seq, 1000000 + seq, seq" + from);
		LABELS.forEach((name, value) -> update("INSERT INTO agent_labels (tenant, name, agent, description, content) "
				+ "SELECT 'acme', '" + name + "', " + agent + ", seq, " + value + from));
		String json = String.join(", ',', ", LABELS.keySet().stream().sorted().map((name) -> "'\"" + name + "\":\"', "
				+ LABELS.get(name) + ", '\"'").toList());
		update("INSERT INTO descriptions (tenant, agent, id, content) SELECT 'acme', " + agent
				+ ", seq, CONCAT('{\"labels\":{', " + json + ", '}}')" + from);
		update("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
		update("ANALYZE TABLE agents, agent_labels, descriptions");
		System.out.printf(Locale.ROOT, "%d agents with %d labels each, filled in %.0f s%n", this.agents, LABELS.size(),
				(System.nanoTime() - started) / 1e9);
	}

	private void measure() {
		System.out.println("| selector | a page of 100 | plan |\n|---|---|---|");
		for (String selector : List.of("env=prod", "host=host-777777", "env=prod,host=host-777777",
				"env=prod,region=r3,os=linux", "region in (r1,r2,r3)", "rack in (rack-1,rack-2),arch=arm64",
				"owner,env!=prod", "env=prod,role!=role-3,region in (r1,r2),!canary", "role notin (role-1),!canary")) {
			row(selector);
		}
		storm();
	}

	private void row(String selector) {
		String times = TenMillionBenchmark.distribution(IntStream.range(0, PAGES).mapToLong((page) -> {
			String after = (page == 0) ? null : id(ThreadLocalRandom.current().nextInt(this.agents)).agent();
			long asked = System.nanoTime();
			run((connection) -> select(connection, selector, after));
			return System.nanoTime() - asked;
		}));
		List<String> plans = new ArrayList<>();
		run((connection) -> select(Explained.connection(connection, (steps) -> steps.forEach((plan) -> {
			plans.add(String.join(" ", plan.table(), plan.type(), plan.key(), plan.rows(), plan.extra()));
			if (plan.scansAgents()) {
				throw new IllegalStateException("reads all agents: " + plan);
			}
		})), selector, null));
		System.out.printf("| `%s` | %s | %s |%n", selector, times, String.join("; ", plans));
	}

	private static Mono<List<AgentId>> select(Connection connection, String selector, @Nullable String after) {
		return LabelStatements.select(connection, "acme", selector, true, after, 101);
	}

	/** Agents return with the labels that they had. */
	private void storm() {
		List<Map<Claim, Map<String, String>>> batches = IntStream.range(0, STORM / BATCH)
			.mapToObj(this::batch)
			.toList();
		long before = writes();
		long started = System.nanoTime();
		int changed = 0;
		for (Map<Claim, Map<String, String>> batch : batches) {
			changed += run((connection) -> LabelStatements.describe(connection, batch, Chance.SYSTEM));
		}
		System.out.printf(Locale.ROOT, "%d agents returned with the labels that they had: %.0f a second, %d changed, "
				+ "%d statements that write%n", STORM, STORM / ((System.nanoTime() - started) / 1e9), changed,
				writes() - before);
	}

	private Map<Claim, Map<String, String>> batch(int number) {
		List<AgentId> ids = IntStream.range(number * BATCH, (number + 1) * BATCH)
			.mapToObj(LabelsBenchmark::id)
			.toList();
		Map<AgentId, Map<String, String>> labels = run((connection) -> LabelStatements.labels(connection, ids));
		return run((connection) -> AgentTable.find(connection, ids)).stream()
			.collect(Collectors.toMap(AgentRecord::claim, (found) -> labels.getOrDefault(found.agent(), Map.of())));
	}

	private long writes() {
		return run((connection) -> Sql.select(connection,
				"SHOW GLOBAL STATUS WHERE Variable_name IN ('Com_insert', 'Com_update', 'Com_delete')",
				(row) -> Long.parseLong(String.valueOf(row.get("Value", String.class)))))
			.stream()
			.mapToLong(Long::longValue)
			.sum();
	}

	private static AgentId id(int number) {
		return new AgentId("acme", String.format(Locale.ROOT, "agent-%08d", number));
	}

	private void update(String sql) {
		run((connection) -> Sql.update(connection, sql));
	}

	private <T> T run(Function<Connection, Mono<T>> work) {
		return this.node.database.upkeep("list", work).blockOptional().orElseThrow();
	}

}

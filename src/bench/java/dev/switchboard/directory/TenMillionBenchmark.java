package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.switchboard.database.MariaDbServer;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.database.Sql;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.node.NodeTable;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import io.r2dbc.spi.Connection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * A directory of ten million agents on MariaDB, of nodes that hold 200,000 each: claims,
 * lookups, a tenant's pages, the audit of a node and its expiry, each with its time and
 * its plan. A plan that reads all agents fails the run.
 * <p>
 * Arguments, each optional: agents ({@code 10000000}), the server's buffer pool
 * ({@code 4G}).
 */
public final class TenMillionBenchmark {

	private static final int OF_A_NODE = 200_000;

	private static final int OF_A_TENANT = 10_000;

	private static final int BATCH = 1000;

	private final int agents;

	private final TestNode node;

	private final List<NodeId> others;

	private TenMillionBenchmark(int agents, TestNode node) {
		this.agents = agents;
		this.node = node;
		this.others = IntStream.range(0, Math.max(1, agents / OF_A_NODE)).mapToObj((_) -> TestIds.node()).toList();
	}

	public static void main(List<String> args) {
		int agents = args.isEmpty() ? 10_000_000 : Integer.parseInt(args.get(0));
		String pool = (args.size() < 2) ? "4G" : args.get(1);
		MariaDbServer server = new MariaDbServer("--innodb-buffer-pool-size=" + pool, "--innodb-log-file-size=1G");
		try (TestNode node = new TestNode(server.create(), Duration.ofMinutes(10),
				new DirectorySettings(Duration.ofDays(90), 200_000))) {
			TestNode.get(node.register());
			TenMillionBenchmark benchmark = new TenMillionBenchmark(agents, node);
			benchmark.fill();
			benchmark.measure();
		}
		finally {
			server.stop();
		}
	}

	/** Every node has agents of every tenant, as a load balancer would spread them. */
	private void fill() {
		long started = System.nanoTime();
		update("SET GLOBAL innodb_flush_log_at_trx_commit = 0");
		this.others.forEach((other) -> TestNode.get(this.node.member.register(other)));
		String nodes = "ELT(1 + seq MOD " + this.others.size()
				+ this.others.stream().map((other) -> ", x'" + hex(other) + "'").reduce("", String::concat) + ")";
		for (int from = 0; from < this.agents; from += OF_A_NODE) {
			update("INSERT INTO agents (tenant, agent, node, connection_id, epoch, connected_at, last_seen, "
					+ "remote_host, remote_port) SELECT CONCAT('tenant-', LPAD(seq DIV " + OF_A_TENANT
					+ ", 6, '0')), CONCAT('agent-', LPAD(seq MOD " + OF_A_TENANT + ", 6, '0')), " + nodes
					+ ", UNHEX(MD5(seq)), 1000000 + seq, 1000000 + seq, 1000000 + seq, CONCAT('192.0.2.', seq MOD 250),"
					+ " 1024 + seq MOD 60000 FROM seq_" + from + "_to_"
					+ (Math.min(from + OF_A_NODE, this.agents) - 1));
		}
		update("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
		update("ANALYZE TABLE agents");
		System.out.printf(Locale.ROOT, "%d agents of %d nodes and %d tenants, filled in %.0f s%n", this.agents,
				this.others.size(), this.agents / OF_A_TENANT, seconds(started));
	}

	private static String hex(NodeId node) {
		return node.toString().replace("-", "");
	}

	private void measure() {
		System.out.println("| what | | plan |\n|---|---|---|");
		claims();
		lookups();
		pages();
		audit();
		expiry();
	}

	private void claims() {
		AgentWriter writer = new AgentWriter(this.node.id, this.node.clock,
				new ChangeSql(new PresenceSettings(true, Duration.ofSeconds(60))));
		List<AgentWrite> batch = IntStream.range(0, BATCH).mapToObj((_) -> AgentWrite.claim(claim())).toList();
		String plan = plan((connection) -> writer.store(connection, batch));
		row("a claim alone", times(300, () -> this.node.agents.claim(claim())), plan);
		row("claims, 20,000 waiting", rate(40_000, (_) -> this.node.agents.claim(claim())), plan);
	}

	private void lookups() {
		String plan = plan((connection) -> AgentTable.find(connection, List.of(agent())));
		row("a lookup alone", times(1000, () -> this.node.agents.locate(agent(), TestNode.LIMIT)), plan);
		List<AgentId> many = IntStream.range(0, LookupCoalescer.MAX_BATCH).mapToObj((_) -> agent()).toList();
		row("lookups, 20,000 waiting", rate(100_000, (_) -> this.node.agents.locate(agent(), Duration.ofMinutes(1))),
				plan((connection) -> AgentTable.find(connection, many)));
	}

	private void pages() {
		String tenant = agent().tenant();
		for (Boolean online : new @Nullable Boolean[] { null, true, false }) {
			String what = (online == null) ? "all" : online ? "online" : "offline";
			long started = System.nanoTime();
			String next = "";
			List<Long> nanos = new ArrayList<>();
			while (next != null) {
				long asked = System.nanoTime();
				next = TestNode.get(this.node.agents.list(tenant, online, 100, next, TestNode.LIMIT)).next();
				nanos.add(System.nanoTime() - asked);
			}
			row("a tenant of " + OF_A_TENANT + " in pages of 100, " + what,
					String.format(Locale.ROOT, "%d pages in %.2f s; a page %s", nanos.size(), seconds(started),
							distribution(nanos.stream().mapToLong(Long::longValue))),
					plan((connection) -> AgentTable.list(connection, tenant, online, 101, "agent-004999")));
		}
	}

	private void audit() {
		NodeId audited = this.others.getFirst();
		long before = Long.MAX_VALUE;
		List<Long> nanos = new ArrayList<>();
		ClaimKey after = null;
		List<ClaimKey> page;
		long started = System.nanoTime();
		do {
			ClaimKey from = after;
			long asked = System.nanoTime();
			page = run((connection) -> AgentTable.claims(connection, audited, from, before, BATCH));
			nanos.add(System.nanoTime() - asked);
			after = page.isEmpty() ? null : page.getLast();
		}
		while (page.size() == BATCH);
		ClaimKey middle = new ClaimKey(agent(), 1_000_000 + this.agents / 2);
		row("the audit of a node's claims",
				String.format(Locale.ROOT, "%d pages in %.2f s; a page %s", nanos.size(), seconds(started),
						distribution(nanos.stream().mapToLong(Long::longValue))),
				plan((connection) -> AgentTable.claims(connection, audited, middle, before, BATCH)));
	}

	private void expiry() {
		NodeId dead = this.others.getLast();
		run((connection) -> Sql.update(connection, "UPDATE nodes SET state = 2 WHERE id = ?", dead.value()));
		NodeRecord record = TestNode.get(this.node.member.list())
			.stream()
			.filter((listed) -> listed.id().equals(dead))
			.findFirst()
			.orElseThrow();
		String plan = plan((connection) -> this.node.claims.ofDead(connection, record, BATCH));
		long started = System.nanoTime();
		List<Long> nanos = new ArrayList<>();
		long released;
		long all = BATCH;
		do {
			long asked = System.nanoTime();
			released = run((connection) -> this.node.claims.ofDead(connection, record, BATCH));
			nanos.add(System.nanoTime() - asked);
			all += released;
		}
		while (released == BATCH);
		row("the expiry of a node", String.format(Locale.ROOT, "%d claims in %.2f s; a statement %s", all,
				seconds(started), distribution(nanos.stream().mapToLong(Long::longValue))), plan);
	}

	private AgentId agent() {
		int i = ThreadLocalRandom.current().nextInt(this.agents);
		return new AgentId(String.format(Locale.ROOT, "tenant-%06d", i / OF_A_TENANT),
				String.format(Locale.ROOT, "agent-%06d", i % OF_A_TENANT));
	}

	private Claim claim() {
		Instant now = this.node.clock.now();
		return new Claim(agent(), TestIds.connection(), this.node.clock.nextEpoch(), now, "192.0.2.1:50000");
	}

	private <T> T run(Function<Connection, Mono<T>> work) {
		T result = this.node.database.upkeep("list", work)
			.retryWhen(Retry.max(20).filter(DatabaseUnavailableException.class::isInstance))
			.block();
		if (result == null) {
			throw new IllegalStateException("nothing came");
		}
		return result;
	}

	private void update(String sql) {
		run((connection) -> Sql.update(connection, sql));
	}

	/** The plans of the statements that the work makes. */
	private String plan(Function<Connection, ? extends Mono<?>> work) {
		List<String> lines = new ArrayList<>();
		run((connection) -> work.apply(Explained.connection(connection, (plans) -> plans.forEach((plan) -> {
			lines.add(String.join(" ", plan.table(), plan.type(), plan.key(), plan.rows(), plan.extra()));
			if (plan.scansAgents()) {
				throw new IllegalStateException("reads all agents: " + plan);
			}
		}))).thenReturn(true));
		return String.join("; ", lines);
	}

	private static String times(int count, Supplier<Mono<?>> work) {
		return distribution(IntStream.range(0, count).mapToLong((_) -> {
			long started = System.nanoTime();
			work.get().block();
			return System.nanoTime() - started;
		}));
	}

	/** Describes times in milliseconds. */
	static String distribution(LongStream nanos) {
		long[] sorted = nanos.sorted().toArray();
		return String.format(Locale.ROOT, "p50 %.2f ms, p99 %.2f ms, max %.2f ms", sorted[sorted.length / 2] / 1e6,
				sorted[(int) Math.ceil(sorted.length * 0.99) - 1] / 1e6, Arrays.stream(sorted).max().orElse(0) / 1e6);
	}

	private static String rate(int count, IntFunction<Mono<?>> work) {
		return String.format(Locale.ROOT, "%.0f a second", Rate.of(count, 20_000, work));
	}

	private static double seconds(long since) {
		return (System.nanoTime() - since) / 1e9;
	}

	private static void row(String what, String figures, String plan) {
		System.out.println("| " + what + " | " + figures + " | " + plan + " |");
	}

}

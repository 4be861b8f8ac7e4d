package dev.switchboard.directory;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.switchboard.call.CallStore;
import dev.switchboard.call.CallTable;
import dev.switchboard.call.DirectoryCallStore;
import dev.switchboard.database.Database;
import dev.switchboard.database.DatabaseConnections;
import dev.switchboard.database.DatabaseMetrics;
import dev.switchboard.database.DatabasePlace;
import dev.switchboard.database.DirectoryPool;
import dev.switchboard.database.Retention;
import dev.switchboard.database.Sql;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.node.ClaimRelease;
import dev.switchboard.node.Membership;
import dev.switchboard.node.TestMember;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.ConnectionFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A node's directory, wired by hand on a database that others may share. */
public final class TestNode implements AutoCloseable {

	public static final Duration LIMIT = Duration.ofSeconds(30);

	private static final DatabasePlace PLACE = new DatabasePlace("the test's server", "test", "root");

	private static final DirectorySettings SETTINGS = new DirectorySettings(Duration.ofDays(90), 10_000);

	private static final int POOL = 8;

	private static final int UPKEEP_POOL = 4;

	/** The most connections that a node may make. */
	static final int MAX_CONNECTIONS = POOL + UPKEEP_POOL;

	public final NodeId id = TestIds.node();

	public final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	public final Database database;

	public final TestMember member;

	public final Membership membership;

	public final DirectoryClock clock;

	/** The changes of presence that the directory has reported, in their order. */
	public final Queue<AgentChanges> changes = new ConcurrentLinkedQueue<>();

	private final ChangeSql changeSql = new ChangeSql(new PresenceSettings(true, Duration.ofSeconds(60)));

	public final ClaimRelease claims = new NodeClaims(this.changeSql, List.of());

	final FlappingAgents flapping;

	final SupersedeStreaks streaks;

	public final AgentDirectory agents;

	public final CallStore calls;

	/** The superseded connections of other nodes that the directory has reported. */
	final Queue<Superseded> superseded = new ConcurrentLinkedQueue<>();

	public final Retention retention;

	public TestNode(ConnectionFactory connections, Duration lease) {
		this(connections, lease, SETTINGS);
	}

	TestNode(ConnectionFactory connections, Duration lease, DirectorySettings settings) {
		this(connections, lease, settings, true);
	}

	private TestNode(ConnectionFactory connections, Duration lease, DirectorySettings settings, boolean answers) {
		this.database = new Database(pool(connections, POOL), pool(connections, UPKEEP_POOL),
				pool(connections, UPKEEP_POOL), PLACE,
				DatabaseConnections.isEmbedded(connections) ? Schedulers.boundedElastic() : Schedulers.immediate(),
				new DatabaseMetrics(this.meters, TimeSource.SYSTEM), TimeSource.SYSTEM, Chance.SYSTEM);
		this.member = new TestMember(this.id, lease, this.database, this.claims);
		this.membership = this.member.membership;
		this.clock = this.member.clock;
		this.calls = new DirectoryCallStore(this.id, this.database, Chance.SYSTEM);
		this.flapping = new FlappingAgents(this.clock, TimeSource.SYSTEM, this.meters, List.of());
		this.streaks = new SupersedeStreaks(this.database, this.flapping);
		this.agents = new AgentDirectory(this.id, this.database, settings, new DirectoryMetrics(this.meters),
				this.flapping, List.of(this.superseded::add), this.changeSql, List.of(new Reported()), this.clock,
				Chance.SYSTEM);
		this.retention = new Retention(this.database,
				List.of(AgentTable.unseenFor(settings.retention()), CallTable::expire), Chance.SYSTEM);
		this.database.afterPropertiesSet();
		if (answers) {
			// Callers wait for five seconds only; beside other work, migrations take
			// longer.
			this.database.request("first", (_) -> Mono.just(this.id)).block(LIMIT);
		}
	}

	/** Returns a node whose database does not answer yet. */
	static TestNode withoutDatabase(ConnectionFactory connections, Duration lease) {
		return new TestNode(connections, lease, SETTINGS, false);
	}

	/** Keeps the reported changes. */
	private final class Reported implements ChangeListener {

		@Override
		public void changed(List<AgentChanges> agents) {
			TestNode.this.changes.addAll(agents);
		}

		@Override
		public void released() {
			// Tests look for the changes themselves.
		}

	}

	private static DirectoryPool pool(ConnectionFactory connections, int size) {
		return DatabaseConnections.pool(connections, size, TimeSource.SYSTEM, Chance.SYSTEM);
	}

	/** The value, which must come soon. */
	public static <T> T get(Mono<T> value) {
		return Objects.requireNonNull(value.block(LIMIT), "nothing came");
	}

	/** Enters the node's row, without heartbeats to follow. */
	public Mono<Boolean> register() {
		return this.member.register();
	}

	/** How many rows a table has. */
	public long count(String table) {
		return get(this.database.upkeep("list", (connection) -> Sql.select(connection,
				"SELECT COUNT(*) AS rows_counted FROM " + table, (row) -> Sql.number(row, "rows_counted"))))
			.getFirst();
	}

	/** How often the directory answered a statement of this kind. */
	public double statements(String statement) {
		return this.meters.counter("switchboard.directory.statements", "kind", statement, "outcome", "ok").count();
	}

	@Override
	public void close() {
		this.membership.stop();
		this.database.destroy();
	}

}

package dev.switchboard.directory;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.switchboard.call.CallRecords;
import dev.switchboard.call.CallTable;
import dev.switchboard.database.Database;
import dev.switchboard.database.DirectoryConnections;
import dev.switchboard.database.DirectoryMeters;
import dev.switchboard.database.Sql;
import dev.switchboard.database.StatementKind;
import dev.switchboard.protocol.NodeId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.ConnectionFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A node's directory, wired by hand on a database that others may share. */
public final class TestNode implements AutoCloseable {

	public static final Duration LIMIT = Duration.ofSeconds(30);

	private static final int POOL = 8;

	private static final int UPKEEP_POOL = 4;

	/** As many as a node may make. */
	static final int MAX_CONNECTIONS = POOL + UPKEEP_POOL;

	public final NodeId id = NodeId.random();

	public final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	final NodeTable.Self self;

	public final Database database;

	public final NodeRegistry registry;

	public final AgentDirectory agents;

	public final CallRecords calls;

	public final Retention retention;

	public TestNode(ConnectionFactory connections, Duration lease) {
		this(connections, lease, new DirectorySettings(Duration.ofDays(90), POOL, 10_000));
	}

	TestNode(ConnectionFactory connections, Duration lease, DirectorySettings settings) {
		DirectoryMeters directoryMeters = new DirectoryMeters(this.meters);
		this.database = new Database(DirectoryConnections.pool(connections, settings.poolSize()),
				DirectoryConnections.pool(connections, UPKEEP_POOL),
				DirectoryConnections.isEmbedded(connections) ? Schedulers.boundedElastic() : Schedulers.immediate(),
				directoryMeters);
		this.self = new NodeTable.Self(this.id, "127.0.0.1", 8070, "ws://127.0.0.1:8090", 100,
				TimeUnit.MILLISECONDS.toMicros(lease.toMillis()));
		this.registry = new NodeRegistry(this.self, this.database, new DirectoryClock(),
				new Expiry(this.id, this.database));
		this.agents = new AgentDirectory(this.id, this.database, settings, directoryMeters);
		this.calls = new CallRecords(this.id, this.database);
		this.retention = new Retention(this.database,
				List.of(AgentTable.unseenFor(settings.retention()), CallTable::expire));
		this.database.afterPropertiesSet();
	}

	/** What comes, soon. */
	public static <T> T get(Mono<T> value) {
		return Objects.requireNonNull(value.block(LIMIT), "nothing came");
	}

	/** Enters the node's row, without heartbeats to follow. */
	public Mono<Boolean> register() {
		return this.database
			.upkeep(StatementKind.REGISTER, (connection) -> NodeTable.register(connection, this.self, NodeState.UP, 0))
			.thenReturn(true);
	}

	/** How many rows a table has. */
	public long count(String table) {
		return get(this.database.upkeep(StatementKind.LIST, (connection) -> Sql.select(connection,
				"SELECT COUNT(*) AS rows_counted FROM " + table, (row) -> Sql.number(row, "rows_counted"))))
			.getFirst();
	}

	/** How often the directory answered a statement of this kind. */
	double statements(StatementKind kind) {
		return this.meters.counter("switchboard.directory.statements", "kind", kind.tag(), "outcome", "ok").count();
	}

	@Override
	public void close() {
		this.registry.stop();
		this.database.destroy();
	}

}

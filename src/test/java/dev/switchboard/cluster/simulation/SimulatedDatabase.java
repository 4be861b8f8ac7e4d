package dev.switchboard.cluster.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

import dev.switchboard.database.DatabaseConnections;
import dev.switchboard.database.Sql;
import dev.switchboard.time.Chance;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcBadGrammarException;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The database of a simulated cluster: H2 in memory, behind a network that takes time and
 * with faults. Everything above the driver is the product's own. Statements take effect
 * one after the other.
 */
final class SimulatedDatabase {

	private static final long LATENCY = 300_000;

	private static final Set<String> TABLES = Set.of("nodes", "agents", "calls", "epochs");

	/** H2's errors for a table that is not there. */
	private static final Set<Integer> NO_TABLE = Set.of(42102, 42103, 42104);

	/** H2's error for a row that another transaction has locked. */
	private static final int ROW_LOCKED = 50200;

	/** After this time, a statement looks again whether a row is still locked. */
	private static final long BLOCKED = 2_000_000;

	private final World world;

	private final SplittableRandom chance;

	private final ConnectionFactory h2;

	private final List<Runnable> frozen = new ArrayList<>();

	private final List<Runnable> waiting = new ArrayList<>();

	private final Set<String> locked = new LinkedHashSet<>();

	private boolean refuses;

	private boolean freezes;

	private boolean readOnly;

	private final Set<DatabaseSession> sessions = new LinkedHashSet<>();

	private long clockOffset;

	SimulatedDatabase(World world, long seed) {
		this.world = world;
		this.chance = world.chance("database");
		this.h2 = DatabaseConnections.embedded(Chance.seeded(seed));
		DatabaseClock.set(this::now);
		// A wait for a row would stop the only thread, so it becomes an event (execute).
		direct("SET DEFAULT_LOCK_TIMEOUT 0");
		direct("CREATE ALIAS SIMULATED_NOW FOR \"" + DatabaseClock.class.getName() + ".simulatedNow\"");
	}

	/** Returns the time by the database's clock. */
	Instant now() {
		return this.world.now().plusNanos(this.clockOffset);
	}

	/** Returns the way to the database for one run of a node. */
	ConnectionFactory from(NodeRun run) {
		return new DatabaseAccess(this, run);
	}

	/** Runs a statement without a network. */
	void direct(String sql) {
		Mono.usingWhen(this.h2.create(),
				(connection) -> Flux.from(connection.createStatement(sql).execute())
					.flatMap(Result::getRowsUpdated)
					.then(),
				Connection::close)
			.block();
	}

	/** Returns the epoch of each agent, as the database has it at this moment. */
	Map<String, Long> epochs() {
		String sql = "SELECT tenant, agent, epoch FROM agents";
		return Objects.requireNonNull(Mono
			.usingWhen(this.h2.create(),
					(connection) -> Sql.select(connection, sql,
							(row) -> Map.entry(Sql.identifier(row, "tenant") + "/" + Sql.identifier(row, "agent"),
									Sql.number(row, "epoch"))),
					Connection::close)
			.onErrorReturn(List.of())
			.map((rows) -> rows.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
			.block());
	}

	/** Makes a session for a run of a node. */
	Mono<DatabaseSession> open(NodeRun run) {
		return Mono.from(this.h2.create()).map((connection) -> {
			DatabaseSession session = new DatabaseSession(run, connection);
			this.sessions.add(session);
			return session;
		});
	}

	/** Takes note that a node has closed a session. */
	void closed(DatabaseSession session) {
		this.sessions.remove(session);
	}

	/** Notices that a run of a node has ended, and rolls its transactions back. */
	void ended(NodeRun run) {
		onWay(null,
				() -> this.sessions.stream()
					.filter((session) -> session.run() == run)
					.forEach(DatabaseSession::rollBack));
	}

	static R2dbcException gone() {
		return new R2dbcNonTransientResourceException("the simulated database has ended the connection");
	}

	private static R2dbcException readOnlyFailure() {
		return new R2dbcNonTransientResourceException("the simulated database is read-only", "HY000", 1290);
	}

	boolean refuses() {
		return this.refuses;
	}

	/**
	 * Runs a statement: it takes effect after a while, even if the run of the node has
	 * ended meanwhile, and its results come back after a further while.
	 */
	Flux<Result> run(DatabaseSession session, String sql, Statement statement) {
		return Mono.<List<Result>>create((answer) -> onWay(null, () -> takeEffect(session, sql, statement, answer)))
			.flatMapIterable((results) -> results);
	}

	/** Lets a statement take effect, unless it has to wait or its session has ended. */
	private void takeEffect(DatabaseSession session, String sql, Statement statement, MonoSink<List<Result>> answer) {
		Runnable again = () -> takeEffect(session, sql, statement, answer);
		if (session.isEnded()) {
			onWay(session.run(), () -> answer.error(gone()));
		}
		else if (this.locked.stream().anyMatch((table) -> sql.contains(table))) {
			this.waiting.add(again);
		}
		else if (this.readOnly && isWrite(sql)) {
			onWay(session.run(), () -> answer.error(readOnlyFailure()));
		}
		else {
			execute(session, sql, statement, answer, again);
		}
	}

	private void execute(DatabaseSession session, String sql, Statement statement, MonoSink<List<Result>> answer,
			Runnable again) {
		Flux.<Result>from(statement.execute()).collectList().subscribe((results) -> onWay(session.run(), () -> {
			if (session.isEnded()) {
				answer.error(gone());
			}
			else {
				answer.success(results);
			}
		}), (failure) -> {
			if (failure instanceof R2dbcException error && error.getErrorCode() == ROW_LOCKED) {
				this.world.in(BLOCKED, null, again);
			}
			else {
				onWay(session.run(), () -> answer.error(failed(sql, failure)));
			}
		});
	}

	/**
	 * Gives a failure the number that a server gives it, by which the product knows it.
	 */
	private Throwable failed(String sql, Throwable failure) {
		this.world.note("the database refuses " + sql.lines().findFirst().orElse("") + ": " + failure.getMessage());
		boolean noTable = failure instanceof R2dbcException error && NO_TABLE.contains(error.getErrorCode());
		return noTable ? new R2dbcBadGrammarException(failure.getMessage(), "42S02", 1146) : failure;
	}

	private static boolean isWrite(String sql) {
		String verb = sql.stripLeading().toUpperCase(Locale.ROOT);
		return !verb.startsWith("SELECT");
	}

	/** Runs a task after the time of a way to the database or back. */
	void onWay(@Nullable NodeRun run, Runnable task) {
		this.world.in(LATENCY / 2 + World.around(this.chance, LATENCY / 2), run, () -> {
			if (this.freezes) {
				this.frozen.add(() -> this.world.in(0, run, task));
			}
			else {
				task.run();
			}
		});
	}

	/** Ends all sessions, and refuses new ones. */
	void refuse() {
		this.refuses = true;
		this.sessions.forEach(DatabaseSession::end);
		this.sessions.clear();
	}

	/** Answers nothing until it thaws. */
	void freeze() {
		this.freezes = true;
	}

	void thaw() {
		this.freezes = false;
		List.copyOf(this.frozen).forEach(Runnable::run);
		this.frozen.clear();
	}

	void accept() {
		this.refuses = false;
	}

	/** Makes all statements on a table wait. */
	void lock(String table) {
		if (!TABLES.contains(table)) {
			throw new IllegalArgumentException("there is no table " + table);
		}
		this.locked.add(table);
	}

	/** Lets the waiting statements go on, in any order. */
	void unlock(String table) {
		this.locked.remove(table);
		List<Runnable> released = new ArrayList<>(this.waiting);
		this.waiting.clear();
		while (!released.isEmpty()) {
			Runnable next = released.remove(this.chance.nextInt(released.size()));
			this.world.in(World.around(this.chance, LATENCY), null, next);
		}
	}

	void readOnly(boolean on) {
		this.readOnly = on;
	}

	/** Sets the database's clock forwards, or backwards. */
	void stepClock(long nanos) {
		this.clockOffset += nanos;
	}

	/** Removes the tables with everything in them. */
	void empty() {
		direct("DROP TABLE IF EXISTS nodes, agents, calls, epochs");
	}

	void heal() {
		accept();
		thaw();
		readOnly(false);
		List.copyOf(this.locked).forEach(this::unlock);
	}

	void close() {
		Mono.usingWhen(this.h2.create(), (connection) -> Mono.from(connection.createStatement("SHUTDOWN").execute()),
				Connection::close)
			.onErrorComplete()
			.block();
	}

}

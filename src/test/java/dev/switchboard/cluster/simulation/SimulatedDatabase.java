package dev.switchboard.cluster.simulation;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcBadGrammarException;
import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The database of a simulated cluster: H2 in memory, behind a network that takes time and
 * with faults. Everything above the driver is the product's own. Statements take effect
 * one after the other.
 */
final class SimulatedDatabase {

	/** H2's errors for a table that is not there. */
	private static final Set<Integer> NO_TABLE = Set.of(42102, 42103, 42104);

	/** H2's error for a row that another transaction has locked. */
	private static final int ROW_LOCKED = 50200;

	/** After this time, a statement looks again whether a row is still locked. */
	private static final long BLOCKED = 2_000_000;

	private final World world;

	private final StoredTables tables;

	private final DatabaseWay way;

	private final TableLocks locks;

	private final Set<DatabaseSession> sessions = new LinkedHashSet<>();

	private final MigrationLock migrationLock;

	private boolean refuses;

	private boolean readOnly;

	private long clockOffset;

	/** The session whose transaction has written last. */
	private @Nullable DatabaseSession writer;

	SimulatedDatabase(World world, long seed) {
		this.world = world;
		DatabaseClock.set(this::now);
		this.tables = new StoredTables(seed);
		SplittableRandom chance = world.chance("database");
		this.way = new DatabaseWay(world, chance);
		this.locks = new TableLocks(world, chance);
		this.migrationLock = new MigrationLock(this.tables);
	}

	/** Returns the time by the database's clock. */
	Instant now() {
		return this.world.now().plusNanos(this.clockOffset);
	}

	/** Returns the way to the database for one run of a node. */
	ConnectionFactory from(NodeRun run) {
		return new DatabaseAccess(this, run);
	}

	/** Returns the epoch of each agent, as the database has it at this moment. */
	Map<String, Long> epochs() {
		return this.tables.epochs();
	}

	/**
	 * Returns the value of each agent's label with this name, as the database has it at
	 * this moment.
	 */
	Map<String, String> labels(String name) {
		return this.tables.labels(name);
	}

	/** Makes a session for a run of a node. */
	Mono<DatabaseSession> open(NodeRun run) {
		return this.tables.connect().map((connection) -> {
			DatabaseSession session = new DatabaseSession(run, connection);
			this.sessions.add(session);
			return session;
		});
	}

	/** Takes note that a node has closed a session. */
	void closed(DatabaseSession session) {
		session.end();
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
		else if (this.locks.stop(sql)) {
			this.locks.await(again);
		}
		else if (hasToWait(session, sql)) {
			this.world.in(BLOCKED, null, again);
		}
		else if (this.readOnly && isWrite(sql)) {
			onWay(session.run(), () -> answer.error(readOnlyFailure()));
		}
		else {
			execute(session, sql, statement, answer, again);
		}
	}

	/**
	 * Whether a statement would write in a transaction while another transaction has
	 * written. H2 would let the only thread spin until the other transaction ends, if
	 * that one has rolled a statement back.
	 */
	private boolean hasToWait(DatabaseSession session, String sql) {
		if (session.h2().isAutoCommit() || !isWrite(sql)) {
			return false;
		}
		DatabaseSession other = this.writer;
		if (other != null && other != session && !other.isEnded() && !other.h2().isAutoCommit()) {
			return true;
		}
		this.writer = session;
		return false;
	}

	private void execute(DatabaseSession session, String sql, Statement statement, MonoSink<List<Result>> answer,
			Runnable again) {
		this.migrationLock.before(session, sql);
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

	private Throwable failed(String sql, Throwable failure) {
		// A key that is taken is no trouble.
		if (!(failure instanceof R2dbcDataIntegrityViolationException)) {
			note(sql, failure);
		}
		return asOfMySql(failure);
	}

	/**
	 * Gives a failure the number that a server gives it, by which the product knows it.
	 */
	static Throwable asOfMySql(Throwable failure) {
		boolean noTable = failure instanceof R2dbcException error && NO_TABLE.contains(error.getErrorCode());
		return noTable ? new R2dbcBadGrammarException(failure.getMessage(), "42S02", 1146) : failure;
	}

	private void note(String sql, Throwable failure) {
		this.world.note("the database refuses " + sql.lines().findFirst().orElse("") + ": " + failure.getMessage());
	}

	private static boolean isWrite(String sql) {
		String verb = sql.stripLeading().toUpperCase(Locale.ROOT);
		return !verb.startsWith("SELECT");
	}

	/** Runs a task after the time of a way to the database or back. */
	void onWay(@Nullable NodeRun run, Runnable task) {
		this.way.pass(run, task);
	}

	/** Ends all sessions, and refuses new ones. */
	void refuse() {
		this.refuses = true;
		this.sessions.forEach(DatabaseSession::end);
		this.sessions.clear();
	}

	void accept() {
		this.refuses = false;
	}

	/** Answers nothing until it thaws. */
	void freeze() {
		this.way.freeze();
	}

	void thaw() {
		this.way.thaw();
	}

	/** Makes all statements on a table wait. */
	void lock(String table) {
		this.locks.lock(table);
	}

	void unlock(String table) {
		this.locks.unlock(table);
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
		this.tables.drop();
	}

	void heal() {
		accept();
		thaw();
		readOnly(false);
		this.locks.unlockAll();
	}

	void close() {
		this.tables.close();
	}

}

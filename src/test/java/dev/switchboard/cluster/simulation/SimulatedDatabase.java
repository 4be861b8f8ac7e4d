package dev.switchboard.cluster.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

import dev.switchboard.database.DatabaseConnections;
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

	private final World world;

	private final SplittableRandom chance;

	private final ConnectionFactory h2;

	private final List<Runnable> frozen = new ArrayList<>();

	private final List<Runnable> waiting = new ArrayList<>();

	private final Set<String> locked = new LinkedHashSet<>();

	private boolean refuses;

	private boolean freezes;

	private boolean readOnly;

	private int sessions;

	private long clockOffset;

	SimulatedDatabase(World world, long seed) {
		this.world = world;
		this.chance = world.chance("database");
		this.h2 = DatabaseConnections.embedded(Chance.seeded(seed));
		DatabaseClock.set(this::now);
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

	Mono<Connection> open() {
		return Mono.from(this.h2.create()).cast(Connection.class);
	}

	/** Returns the generation of sessions. Older sessions have been ended. */
	int sessions() {
		return this.sessions;
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
	 * Runs a statement for a run of a node: it takes effect after a while, even if the
	 * run has ended meanwhile, and its results come back after a further while.
	 * @param session the generation of the statement's session
	 */
	Flux<Result> run(NodeRun run, int session, String sql, Statement statement) {
		return Mono.<List<Result>>create((answer) -> onWay(null, () -> effect(sql, session, () -> {
			if (this.readOnly && isWrite(sql)) {
				onWay(run, () -> answer.error(readOnlyFailure()));
				return;
			}
			Flux.<Result>from(statement.execute())
				.collectList()
				.subscribe((results) -> onWay(run, () -> answer(session, () -> answer.success(results), answer::error)),
						(failure) -> onWay(run, () -> answer.error(failed(sql, failure))));
		}, (failure) -> onWay(run, () -> answer.error(failure))))).flatMapIterable((results) -> results);
	}

	/**
	 * Gives a failure the number that a server gives it, by which the product knows it.
	 */
	private Throwable failed(String sql, Throwable failure) {
		this.world.note("the database refuses " + sql.lines().findFirst().orElse("") + ": " + failure.getMessage());
		boolean noTable = failure instanceof R2dbcException error && NO_TABLE.contains(error.getErrorCode());
		return noTable ? new R2dbcBadGrammarException(failure.getMessage(), "42S02", 1146) : failure;
	}

	private void answer(int session, Runnable answer, Consumer<Throwable> failed) {
		if (session == this.sessions) {
			answer.run();
		}
		else {
			failed.accept(gone());
		}
	}

	private static boolean isWrite(String sql) {
		String verb = sql.stripLeading().toUpperCase(Locale.ROOT);
		return !verb.startsWith("SELECT");
	}

	/** Lets a statement take effect, unless it has to wait or its session has ended. */
	private void effect(String sql, int session, Runnable task, Consumer<Throwable> failed) {
		if (session != this.sessions) {
			failed.accept(gone());
		}
		else if (this.locked.stream().anyMatch((table) -> sql.contains(table))) {
			this.waiting.add(() -> effect(sql, session, task, failed));
		}
		else {
			task.run();
		}
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
		this.sessions++;
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

package dev.switchboard.database;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import dev.switchboard.problem.ProblemException;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeLimit;
import dev.switchboard.time.TimeSource;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcException;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.pool.PoolShutdownException;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;

/**
 * Runs statements on the database, once its tables exist.
 * <p>
 * A statement that has been sent is never cancelled, even if its subscriber cancels. If
 * it were, the MySQL driver would not return the statement's connection to the pool until
 * the server answers (r2dbc-mysql #347), so time-outs would empty the pool. A statement
 * ends when its answer comes, or when TCP gives up the connection. All methods are
 * thread-safe. Results come on the driver's threads. With H2, which blocks, they come on
 * the threads of a scheduler.
 */
public final class Database implements InitializingBean, DisposableBean {

	private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

	/**
	 * How often a statement is tried again after the database has rolled it back. The
	 * database does that when statements of two nodes deadlock.
	 */
	private static final int ROLLBACK_RETRIES = 5;

	private final DirectoryPool requests;

	private final DirectoryPool upkeep;

	private final DirectoryPool log;

	private final Scheduler scheduler;

	private final DatabaseMetrics metrics;

	private final DatabaseOpening opening;

	private final WriteWatch writes;

	private final Backoff afterRollback;

	/**
	 * Makes a database that opens no connection before {@link #afterPropertiesSet}.
	 * @param requests the connections for statements that callers wait for
	 * @param upkeep the connections for heartbeats, claims and retention, which must not
	 * wait until callers' statements have ended
	 * @param log the connections for the event log, which may be busy for long
	 * @param place names the database in the log
	 * @param scheduler runs the statements
	 * @param metrics counts the statements
	 * @param chance spreads the pauses between tries
	 */
	public Database(DirectoryPool requests, DirectoryPool upkeep, DirectoryPool log, DatabasePlace place,
			Scheduler scheduler, DatabaseMetrics metrics, TimeSource time, Chance chance) {
		this.requests = requests;
		this.upkeep = upkeep;
		this.log = log;
		this.scheduler = scheduler;
		this.metrics = metrics;
		this.opening = new DatabaseOpening(requests.unwrap(), place, scheduler, chance);
		this.writes = new WriteWatch(time);
		this.afterRollback = new Backoff(Duration.ofMillis(5), Duration.ofMillis(100), chance);
	}

	/** Runs the migrations in the background. Tries again until the database answers. */
	@Override
	public void afterPropertiesSet() {
		this.opening.start();
	}

	/**
	 * Returns how often the tables were gone and were made again. Each time, everything
	 * that this node had stored in them was lost.
	 */
	public int losses() {
		return this.opening.losses();
	}

	/**
	 * Whether the database takes writes: no {@link #write} has failed lately, and none
	 * has been waiting for more than a second.
	 */
	public boolean isWritable() {
		return !this.writes.isStuck();
	}

	/**
	 * Runs statements that a caller waits for. {@link #within} limits the wait.
	 * @param statement the name under which the statements are counted
	 * @return the result of the statements; an error of
	 * {@link DatabaseUnavailableException} if they failed
	 */
	public <T> Mono<T> request(String statement, Function<Connection, Mono<T>> work) {
		return run(this.requests, statement, work);
	}

	/**
	 * Runs statements that keep the directory up to date, without a limit on their time.
	 * @param statement the name under which the statements are counted
	 * @return the result of the statements; an error of
	 * {@link DatabaseUnavailableException} if they failed
	 */
	public <T> Mono<T> upkeep(String statement, Function<Connection, Mono<T>> work) {
		return run(this.upkeep, statement, work);
	}

	/**
	 * Runs statements on the event log, without a limit on their time. They never wait
	 * for other statements, and other statements never wait for them.
	 * @param statement the name under which the statements are counted
	 * @return the result of the statements; an error of
	 * {@link DatabaseUnavailableException} if they failed
	 */
	public <T> Mono<T> log(String statement, Function<Connection, Mono<T>> work) {
		return run(this.log, statement, work);
	}

	/**
	 * Runs statements as {@link #upkeep} does. {@link #isWritable} depends on whether
	 * they succeed.
	 */
	public <T> Mono<T> write(String statement, Function<Connection, Mono<T>> work) {
		return this.writes.watch(statement, upkeep(statement, work));
	}

	/**
	 * Runs an update again and again, until it changes fewer rows than the limit.
	 * @param statement the name under which each run is counted
	 * @param limit the most rows that one run changes
	 * @param most the most runs
	 */
	public Mono<Void> upkeepInBatches(String statement, int limit, long most, LimitedUpdate update) {
		return upkeep(statement, (connection) -> update.run(connection, limit)).repeat(most - 1)
			.takeUntil((rows) -> rows < limit)
			.then();
	}

	/**
	 * Limits the time of a wait for the database.
	 * @return the result of the wait; an error of {@link DatabaseUnavailableException} if
	 * the wait fails or takes longer than the limit
	 */
	public static <T> Mono<T> within(Duration limit, Mono<T> wait) {
		return wait
			.timeout(TimeLimit.of(limit),
					Mono.error(() -> new TimeoutException("no answer within " + limit.toMillis() + " ms")))
			.onErrorMap(Database::isUnavailability, (failure) -> unavailable(failure, false));
	}

	/**
	 * Limits the time of a caller's wait for the database, as {@link #within} does.
	 * @return the result of the wait; an error of {@link ProblemException} that says that
	 * the directory is down if the wait fails or takes longer than the limit
	 */
	public static <T> Mono<T> forCaller(Duration limit, Mono<T> wait) {
		return within(limit, wait).onErrorMap(DatabaseUnavailableException.class,
				(_) -> ProblemException.directoryDown());
	}

	private <T> Mono<T> run(DirectoryPool pool, String statement, Function<Connection, Mono<T>> work) {
		return this.opening.opened().then(Mono.defer(() -> detached(execute(pool, statement, work))));
	}

	/**
	 * Starts work that runs to its end even if the subscriber cancels. A failure passes
	 * through the future as a value, so that Reactor does not log it as dropped when no
	 * subscriber is left.
	 */
	public static <T> Mono<T> detached(Mono<T> work) {
		return Mono.fromFuture(work.materialize().toFuture(), true).dematerialize();
	}

	private <T> Mono<T> execute(DirectoryPool pool, String statement, Function<Connection, Mono<T>> work) {
		long started = this.metrics.started();
		AtomicBoolean sent = new AtomicBoolean();
		return Mono.usingWhen(pool.create().publishOn(this.scheduler), (connection) -> {
			sent.set(true);
			return work.apply(connection);
		}, Connection::close, (connection, failure) -> giveBack(pool, connection, failure), Connection::close)
			.retryWhen(this.afterRollback.atMost(ROLLBACK_RETRIES, ServerErrors::isRollback))
			.doOnSuccess((_) -> this.metrics.answered(statement, started))
			.doOnError((_) -> this.metrics.failed(statement, started))
			.onErrorMap(Database::isUnavailability, (failure) -> unavailable(failure, !sent.get()));
	}

	/**
	 * Returns a connection to its pool after a failure. If the failure says that the
	 * server does not take writes, all connections end. If it says that tables are
	 * missing, they are made again.
	 */
	private Publisher<Void> giveBack(DirectoryPool pool, Connection connection, Throwable failure) {
		if (ServerErrors.isNoWriter(failure)) {
			pool.end(connection);
			this.requests.clear();
			this.upkeep.clear();
			this.log.clear();
		}
		if (ServerErrors.isNoTables(failure)) {
			this.opening.again(failure);
		}
		return connection.close();
	}

	private static boolean isUnavailability(Throwable failure) {
		return failure instanceof R2dbcException || failure instanceof TimeoutException
				|| failure instanceof PoolShutdownException || failure instanceof IOException;
	}

	private static DatabaseUnavailableException unavailable(Throwable cause, boolean unsent) {
		return new DatabaseUnavailableException(
				"the directory does not answer: " + DatabasePlace.firstLine(cause.toString()), cause, unsent);
	}

	@Override
	public void destroy() {
		this.opening.dispose();
		Mono.whenDelayError(this.requests.disposeLater(), this.upkeep.disposeLater(), this.log.disposeLater())
			.timeout(CLOSE_LIMIT)
			.onErrorComplete()
			.subscribe();
	}

}

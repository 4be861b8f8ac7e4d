package dev.switchboard.database;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcRollbackException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.pool.PoolShutdownException;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;

/**
 * Runs statements on the database, once its tables exist.
 * <p>
 * A statement that has been sent is never cancelled, even if its subscriber cancels: the
 * MySQL driver would hold its connection until the server ends it (r2dbc-mysql #347), so
 * time-outs would empty the pool. A statement ends by its answer, or when TCP gives its
 * connection up. All methods are thread-safe; signals come on the driver's threads, or on
 * those of a scheduler, since H2 blocks.
 */
public final class Database implements InitializingBean, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(Database.class);

	private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

	/** Statements of two nodes may deadlock; the database rolls one back. */
	private static final int ROLLBACK_RETRIES = 5;

	private final ConnectionPool requests;

	private final ConnectionPool upkeep;

	private final Scheduler scheduler;

	private final DatabaseMetrics metrics;

	private final Backoff untilOpen;

	private final Backoff afterRollback;

	private final Sinks.Empty<Void> opened = Sinks.empty();

	private final Disposable.Swap opening = Disposables.swap();

	/**
	 * Describes the database, and opens nothing.
	 * @param requests connections for statements that callers wait for
	 * @param upkeep connections for heartbeats, claims and retention, which must not
	 * queue behind callers
	 * @param scheduler runs the statements
	 * @param metrics counts them
	 * @param chance spreads the pauses between tries
	 */
	public Database(ConnectionPool requests, ConnectionPool upkeep, Scheduler scheduler, DatabaseMetrics metrics,
			Chance chance) {
		this.requests = requests;
		this.upkeep = upkeep;
		this.scheduler = scheduler;
		this.metrics = metrics;
		this.untilOpen = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), chance);
		this.afterRollback = new Backoff(Duration.ofMillis(5), Duration.ofMillis(100), chance);
	}

	/** Opens the database in the background; tries until it answers. */
	@Override
	public void afterPropertiesSet() {
		this.opening.update(Migrations.run(this.requests.unwrap())
			.subscribeOn(this.scheduler)
			.retryWhen(this.untilOpen.whileFailing((_) -> true,
					(failure, _) -> logger.warn("Directory not open yet: {}", describe(failure))))
			.subscribe((_) -> {
			}, this.opened::tryEmitError, this.opened::tryEmitEmpty));
	}

	/**
	 * Runs statements that a caller waits for; {@link #within} bounds the wait.
	 * @param statement the name under which they are counted
	 * @return what they return, or {@link DatabaseUnavailableException}
	 */
	public <T> Mono<T> request(String statement, Function<Connection, Mono<T>> work) {
		return run(this.requests, statement, work);
	}

	/**
	 * Runs statements that keep the directory up to date, without a limit on their time.
	 * @param statement the name under which they are counted
	 * @return what they return, or {@link DatabaseUnavailableException}
	 */
	public <T> Mono<T> upkeep(String statement, Function<Connection, Mono<T>> work) {
		return run(this.upkeep, statement, work);
	}

	/**
	 * Runs an update again and again, until it changes fewer rows than the limit.
	 * @param statement the name under which each run is counted
	 * @param limit the most rows that a run changes
	 * @param most the most runs
	 */
	public Mono<Void> upkeepInBatches(String statement, int limit, long most, LimitedUpdate update) {
		return upkeep(statement, (connection) -> update.run(connection, limit)).repeat(most - 1)
			.takeUntil((rows) -> rows < limit)
			.then();
	}

	/**
	 * Bounds a wait.
	 * @return the same, or {@link DatabaseUnavailableException} once the limit is over
	 */
	public static <T> Mono<T> within(Duration limit, Mono<T> wait) {
		return wait.timeout(limit).onErrorMap(Database::isUnavailability, Database::unavailable);
	}

	private <T> Mono<T> run(ConnectionPool pool, String statement, Function<Connection, Mono<T>> work) {
		return this.opened.asMono().then(Mono.defer(() -> detached(execute(pool, statement, work))));
	}

	/**
	 * Runs to the end even if the subscriber cancels. A failure travels as a value, so
	 * that Reactor does not log it as dropped when no subscriber is left.
	 */
	private static <T> Mono<T> detached(Mono<T> work) {
		return Mono.fromFuture(work.materialize().toFuture(), true).dematerialize();
	}

	private <T> Mono<T> execute(ConnectionPool pool, String statement, Function<Connection, Mono<T>> work) {
		long started = this.metrics.started();
		return Mono.usingWhen(pool.create().publishOn(this.scheduler), work, Connection::close)
			.retryWhen(this.afterRollback.atMost(ROLLBACK_RETRIES, R2dbcRollbackException.class::isInstance))
			.doOnSuccess((_) -> this.metrics.answered(statement, started))
			.doOnError((_) -> this.metrics.failed(statement, started))
			.onErrorMap(Database::isUnavailability, Database::unavailable);
	}

	private static boolean isUnavailability(Throwable failure) {
		return failure instanceof R2dbcException || failure instanceof TimeoutException
				|| failure instanceof PoolShutdownException || failure instanceof IOException;
	}

	private static DatabaseUnavailableException unavailable(Throwable cause) {
		return new DatabaseUnavailableException("the directory does not answer: " + describe(cause), cause);
	}

	/** The first line of a failure: a driver may add more lines, with the statement. */
	private static String describe(Throwable failure) {
		return failure.toString().lines().findFirst().orElse("");
	}

	@Override
	public void destroy() {
		this.opening.dispose();
		Mono.whenDelayError(this.requests.disposeLater(), this.upkeep.disposeLater())
			.timeout(CLOSE_LIMIT)
			.onErrorComplete()
			.subscribe();
	}

}

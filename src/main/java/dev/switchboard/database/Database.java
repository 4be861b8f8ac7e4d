package dev.switchboard.database;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcRollbackException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.pool.PoolShutdownException;
import reactor.util.retry.Retry;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;

/**
 * Runs statements on the directory's database, once its tables are there.
 * <p>
 * A statement that has been sent is never cancelled, whoever stops waiting for it: the
 * MySQL driver would hold its connection until the server ends it (r2dbc-mysql #347), so
 * time-outs would empty the pool. It ends by its answer, or when TCP gives its connection
 * up. All methods are thread-safe; signals come on the driver's threads, or, as H2
 * blocks, on those of a scheduler.
 */
public final class Database implements InitializingBean, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(Database.class);

	private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

	/**
	 * Two nodes' statements may deadlock; the database rolls one back, to be sent again.
	 */
	private static final int ROLLBACK_RETRIES = 5;

	private static final Duration ROLLBACK_PAUSE = Duration.ofMillis(5);

	private final ConnectionPool requests;

	private final ConnectionPool upkeep;

	private final Scheduler scheduler;

	private final DirectoryMeters meters;

	private final Sinks.Empty<Void> opened = Sinks.empty();

	private final Disposable.Swap opening = Disposables.swap();

	/**
	 * @param requests for what callers wait for
	 * @param upkeep for heartbeats, claims and retention, which must not queue behind
	 * callers
	 * @param scheduler on which statements run
	 * @param meters counts them
	 */
	public Database(ConnectionPool requests, ConnectionPool upkeep, Scheduler scheduler, DirectoryMeters meters) {
		this.requests = requests;
		this.upkeep = upkeep;
		this.scheduler = scheduler;
		this.meters = meters;
	}

	/** Opens the database in the background, however long that takes. */
	@Override
	public void afterPropertiesSet() {
		this.opening.update(Migrations.run(this.requests.unwrap())
			.subscribeOn(this.scheduler)
			.retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100))
				.maxBackoff(Duration.ofSeconds(5))
				.doBeforeRetry((retry) -> logger.warn("Directory not open yet: {}", describe(retry.failure()))))
			.subscribe((ignored) -> {
			}, this.opened::tryEmitError, this.opened::tryEmitEmpty));
	}

	/** Runs what a caller waits for; {@link #within} bounds the wait. */
	public <T> Mono<T> request(StatementKind kind, Function<Connection, Mono<T>> work) {
		return run(this.requests, kind, work);
	}

	/** Runs what keeps the directory true, however long it takes. */
	public <T> Mono<T> upkeep(StatementKind kind, Function<Connection, Mono<T>> work) {
		return run(this.upkeep, kind, work);
	}

	/** Waits for something no longer than this. */
	public static <T> Mono<T> within(Duration limit, Mono<T> wait) {
		return wait.timeout(limit).onErrorMap(Database::isAbsence, Database::unavailable);
	}

	private <T> Mono<T> run(ConnectionPool pool, StatementKind kind, Function<Connection, Mono<T>> work) {
		return this.opened.asMono().then(Mono.defer(() -> detached(execute(pool, kind, work))));
	}

	/**
	 * Runs to its end whether or not its subscriber stays. A failure travels as a value,
	 * so that one which nobody waits for any more is not logged as dropped.
	 */
	private static <T> Mono<T> detached(Mono<T> work) {
		return Mono.fromFuture(work.materialize().toFuture(), true).dematerialize();
	}

	private <T> Mono<T> execute(ConnectionPool pool, StatementKind kind, Function<Connection, Mono<T>> work) {
		long started = System.nanoTime();
		return Mono.usingWhen(pool.create().publishOn(this.scheduler), work, Connection::close)
			.retryWhen(Retry.backoff(ROLLBACK_RETRIES, ROLLBACK_PAUSE).filter(R2dbcRollbackException.class::isInstance))
			.doOnSuccess((ignored) -> this.meters.answered(kind, started))
			.doOnError((ignored) -> this.meters.failed(kind, started))
			.onErrorMap(Database::isAbsence, Database::unavailable);
	}

	private static boolean isAbsence(Throwable failure) {
		return failure instanceof R2dbcException || Exceptions.isRetryExhausted(failure)
				|| failure instanceof TimeoutException || failure instanceof PoolShutdownException
				|| failure instanceof IOException;
	}

	private static DirectoryUnavailableException unavailable(Throwable cause) {
		return new DirectoryUnavailableException("the directory does not answer: " + describe(cause), cause);
	}

	/**
	 * What went wrong, in one line: a driver may go on for several, with the statement.
	 */
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

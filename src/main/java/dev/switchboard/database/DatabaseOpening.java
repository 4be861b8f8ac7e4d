package dev.switchboard.database;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import io.r2dbc.spi.ConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Makes the tables of the database at the start. Makes them again when a statement finds
 * that they are gone; then the database was restored or wiped. Works in the background,
 * and tries until the database answers. Thread-safe.
 */
final class DatabaseOpening implements Disposable {

	private static final Logger logger = LoggerFactory.getLogger(DatabaseOpening.class);

	/**
	 * The shortest time between two runs. Statements that were sent while the tables were
	 * missing may fail after the tables are there, and must not start a further run.
	 */
	private static final Duration BETWEEN_MAKINGS = Duration.ofSeconds(2);

	private final ConnectionFactory connections;

	private final DatabasePlace place;

	private final Scheduler scheduler;

	private final Backoff untilOpen;

	private final Sinks.Empty<Void> opened = Sinks.empty();

	private final AtomicBoolean busy = new AtomicBoolean();

	private final AtomicReference<String> logged = new AtomicReference<>("");

	private final Disposable.Swap work = Disposables.swap();

	private final AtomicInteger losses = new AtomicInteger();

	/**
	 * @param connections makes connections that are not pooled
	 */
	DatabaseOpening(ConnectionFactory connections, DatabasePlace place, Scheduler scheduler, Chance chance) {
		this.connections = connections;
		this.place = place;
		this.scheduler = scheduler;
		this.untilOpen = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), chance);
	}

	/** Returns a signal that completes when the tables are there for the first time. */
	Mono<Void> opened() {
		return this.opened.asMono();
	}

	/** Returns how often the tables were gone and were made again. */
	int losses() {
		return this.losses.get();
	}

	void start() {
		this.work.update(untilDone(Migrations.run(this.connections)).subscribe((_) -> {
		}, this.opened::tryEmitError, this.opened::tryEmitEmpty));
	}

	/**
	 * Makes the tables again, unless such a run is under way or has just ended.
	 * @param missing the failure of the statement that found no table
	 */
	void again(Throwable missing) {
		if (this.busy.compareAndSet(false, true)) {
			logger.warn("The directory's tables are gone, and are made again: {}", this.place.explain(missing));
			this.work.update(untilDone(Migrations.again(this.connections)).then(Mono.fromRunnable(this::madeAgain))
				.then(Mono.delay(BETWEEN_MAKINGS))
				.doFinally((_) -> this.busy.set(false))
				.subscribe((_) -> {
				}, (failure) -> logger.error("The directory's tables were not made again", failure)));
		}
	}

	private void madeAgain() {
		this.losses.incrementAndGet();
		logger.warn("The directory has its tables again, and they are empty where they were gone");
	}

	private Mono<Void> untilDone(Mono<Void> migration) {
		return migration.subscribeOn(this.scheduler)
			.retryWhen(this.untilOpen.whileFailing((_) -> true, (failure, _) -> log(failure)));
	}

	/** Logs why a try failed, but only if the last try failed for a different reason. */
	private void log(Throwable failure) {
		String obstacle = this.place.explain(failure);
		if (!obstacle.equals(this.logged.getAndSet(obstacle))) {
			logger.warn("The directory cannot be used yet: {}", obstacle);
		}
	}

	@Override
	public void dispose() {
		this.work.dispose();
	}

}

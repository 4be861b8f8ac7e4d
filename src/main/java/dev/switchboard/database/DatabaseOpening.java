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
 * Sees to it that the database has its tables: at the start, and again when a statement
 * finds that they are gone, because the database was restored or wiped. It tries in the
 * background until the database answers. Thread-safe.
 */
final class DatabaseOpening implements Disposable {

	private static final Logger logger = LoggerFactory.getLogger(DatabaseOpening.class);

	/** Statements that were sent before the tables were there fail a moment later. */
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
	 * @param connections are not pooled
	 */
	DatabaseOpening(ConnectionFactory connections, DatabasePlace place, Scheduler scheduler, Chance chance) {
		this.connections = connections;
		this.place = place;
		this.scheduler = scheduler;
		this.untilOpen = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), chance);
	}

	/** Completes when the tables are there for the first time. */
	Mono<Void> opened() {
		return this.opened.asMono();
	}

	/** How often the tables were gone, and were made again. */
	int losses() {
		return this.losses.get();
	}

	void start() {
		this.work.update(untilDone(Migrations.run(this.connections)).subscribe((_) -> {
		}, this.opened::tryEmitError, this.opened::tryEmitEmpty));
	}

	/** Makes the tables again, unless it is at it. */
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

	/** Each obstacle once, not at every try. */
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

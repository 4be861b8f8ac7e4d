package dev.switchboard.directory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import dev.switchboard.database.Database;
import dev.switchboard.database.Deletion;
import dev.switchboard.database.StatementKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;

/**
 * Deletes rows that have become old: about once a minute each node deletes some, in
 * statements that lock few rows each.
 */
public final class Retention implements InitializingBean, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(Retention.class);

	private static final int BATCH = 500;

	private static final int MAX_BATCHES = 100;

	private static final Duration PERIOD = Duration.ofMinutes(1);

	private final Database database;

	private final List<Deletion> deletions;

	private final Disposable.Swap loop = Disposables.swap();

	Retention(Database database, List<Deletion> deletions) {
		this.database = database;
		this.deletions = List.copyOf(deletions);
	}

	/** Deletes what is due now, within bounds. */
	public Mono<Void> sweep() {
		return Flux.fromIterable(this.deletions).concatMap(this::inBatches).then();
	}

	private Mono<Void> inBatches(Deletion deletion) {
		return this.database.upkeep(StatementKind.RETENTION, (connection) -> deletion.delete(connection, BATCH))
			.repeat(MAX_BATCHES - 1)
			.takeUntil((rows) -> rows < BATCH)
			.then();
	}

	/** Nodes that started together do not sweep together. */
	private static Duration pause() {
		long period = PERIOD.toMillis();
		return Duration.ofMillis(ThreadLocalRandom.current().nextLong(period / 2, period * 3 / 2));
	}

	@Override
	public void afterPropertiesSet() {
		this.loop
			.update(Mono.defer(() -> Mono.delay(pause())).then(Mono.defer(this::sweep)).onErrorResume((failure) -> {
				logger.warn("Old rows not deleted yet: {}", failure.toString());
				return Mono.empty();
			}).repeat().subscribe());
	}

	@Override
	public void destroy() {
		this.loop.dispose();
	}

}

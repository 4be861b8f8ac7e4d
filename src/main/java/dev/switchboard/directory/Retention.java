package dev.switchboard.directory;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.r2dbc.spi.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;

/**
 * Forgets agents that nobody has held for long, and calls whose records have expired.
 * About once a minute each node deletes some, in statements that lock few rows each.
 */
final class Retention implements InitializingBean, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(Retention.class);

	private static final int BATCH = 500;

	private static final int MAX_BATCHES = 100;

	private static final Duration PERIOD = Duration.ofMinutes(1);

	private final Database database;

	private final long retentionMicros;

	private final Disposable.Swap loop = Disposables.swap();

	Retention(Database database, DirectorySettings settings) {
		this.database = database;
		this.retentionMicros = TimeUnit.MILLISECONDS.toMicros(settings.retention().toMillis());
	}

	/** Deletes what is due now, within bounds. */
	Mono<Void> sweep() {
		return inBatches((connection) -> AgentTable.forget(connection, this.retentionMicros, BATCH))
			.then(inBatches((connection) -> CallTable.expire(connection, BATCH)));
	}

	private Mono<Void> inBatches(Function<Connection, Mono<Long>> batch) {
		return this.database.upkeep(StatementKind.RETENTION, batch)
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

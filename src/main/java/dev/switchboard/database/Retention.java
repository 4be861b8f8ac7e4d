package dev.switchboard.database;

import java.time.Duration;
import java.util.List;

import dev.switchboard.time.Chance;
import dev.switchboard.time.Periodic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;

/**
 * Deletes old rows. About once a minute, each node deletes some of them, in statements
 * that lock few rows each.
 */
public final class Retention implements InitializingBean, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(Retention.class);

	private static final String STATEMENT = "retention";

	private static final int BATCH = 500;

	private static final int MAX_BATCHES = 100;

	private static final Duration PERIOD = Duration.ofMinutes(1);

	private final Database database;

	private final List<Deletion> deletions;

	private final Periodic sweeps;

	/**
	 * Makes a retention that begins at {@link #afterPropertiesSet}.
	 * @param deletions the kinds of old rows
	 * @param chance spreads the sweeps of nodes that started together
	 */
	public Retention(Database database, List<Deletion> deletions, Chance chance) {
		this.database = database;
		this.deletions = List.copyOf(deletions);
		this.sweeps = new Periodic(() -> chance.around(PERIOD, 0.5), this::sweep,
				(failure) -> logger.warn("Old rows not deleted yet: {}", failure.toString()));
	}

	/** Deletes rows that are old now, up to 50,000 of each kind. */
	public Mono<Void> sweep() {
		return Flux.fromIterable(this.deletions)
			.concatMap((deletion) -> this.database.upkeepInBatches(STATEMENT, BATCH, MAX_BATCHES, deletion))
			.then();
	}

	@Override
	public void afterPropertiesSet() {
		this.sweeps.start();
	}

	@Override
	public void destroy() {
		this.sweeps.dispose();
	}

}

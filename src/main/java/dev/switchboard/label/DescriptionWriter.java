package dev.switchboard.label;

import java.time.Duration;
import java.util.List;

import dev.switchboard.database.Batcher;
import dev.switchboard.database.Database;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Collects descriptions into batches. One batch is on its way at a time. If the database
 * is away, the batch is tried again. Thread-safe.
 */
final class DescriptionWriter {

	private static final Logger logger = LoggerFactory.getLogger(DescriptionWriter.class);

	/** Even the longest descriptions of a batch fit into one packet of the database. */
	private static final int MAX_BATCH = 200;

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

	private static final Duration PAUSE_A_WRITE = Duration.ofMillis(2);

	private final Database database;

	private final LabelMetrics metrics;

	private final int maxQueued;

	private final Chance chance;

	private final Backoff backoff;

	private final Batcher<DescriptionWrite> batches = new Batcher<>(MAX_BATCH, 1,
			Batcher.growing(PAUSE_A_WRITE, LONGEST_PAUSE), this::send);

	/**
	 * Makes an empty queue.
	 * @param maxQueued how many descriptions may wait
	 * @param chance spreads the pauses between tries, and draws the descriptions' ids
	 */
	DescriptionWriter(Database database, LabelMetrics metrics, int maxQueued, Chance chance) {
		this.database = database;
		this.chance = chance;
		this.metrics = metrics;
		this.maxQueued = maxQueued;
		this.backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), chance);
		metrics.queue(this.batches::depth);
	}

	/**
	 * Queues a description. If too many wait already, drops it: the agent's next claim
	 * brings it again.
	 */
	void add(DescriptionWrite write) {
		if (this.batches.depth() >= this.maxQueued) {
			this.metrics.dropped(1);
			return;
		}
		this.batches.add(write);
		this.batches.sendNext();
	}

	private Mono<Void> send(List<DescriptionWrite> batch) {
		return Mono.defer(() -> store(batch.stream().filter(DescriptionWrite::isWanted).toList()))
			.retryWhen(this.backoff.whileFailing(DatabaseUnavailableException.class::isInstance))
			.doOnError((failure) -> failed(batch, failure))
			.then();
	}

	private Mono<Integer> store(List<DescriptionWrite> wanted) {
		if (wanted.isEmpty()) {
			return Mono.empty();
		}
		return this.database
			.upkeep("describe", (connection) -> DescriptionChanges.store(connection, wanted, this.chance))
			.doOnNext((changed) -> this.metrics.stored(changed, wanted.size() - changed));
	}

	private void failed(List<DescriptionWrite> batch, Throwable failure) {
		logger.error("Labels of agents not stored", failure);
		this.metrics.dropped(batch.size());
	}

}

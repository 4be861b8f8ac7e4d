package dev.switchboard.event;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.database.Batcher;
import dev.switchboard.database.Database;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Collects events into batches and stores them, in the order in which they came. One
 * batch is on its way at a time, so the events of an agent keep their order. If the
 * database is away, the batch is tried again until it is stored. Thread-safe.
 */
final class EventWriter {

	private static final Logger logger = LoggerFactory.getLogger(EventWriter.class);

	private static final int MAX_BATCH = 2000;

	/** The number of bytes above which a statement takes no more events. */
	private static final long FULL_STATEMENT = 4L * 1024 * 1024;

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

	private static final Duration PAUSE_AN_EVENT = Duration.ofMillis(1);

	private final Database database;

	private final BatchStore store;

	private final EventQueue queue;

	private final EventMetrics metrics;

	private final Runnable stored;

	private final Backoff backoff;

	private final Batcher<PendingEvent> batches = new Batcher<>(MAX_BATCH, 1,
			Batcher.growing(PAUSE_AN_EVENT, LONGEST_PAUSE), this::send);

	/**
	 * Makes a writer to which no event has come.
	 * @param queue limits the events that wait
	 * @param stored is run after each batch
	 * @param chance spreads the pauses between tries
	 */
	EventWriter(Database database, BatchStore store, EventQueue queue, EventMetrics metrics, Runnable stored,
			Chance chance) {
		this.database = database;
		this.store = store;
		this.queue = queue;
		this.metrics = metrics;
		this.stored = stored;
		this.backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), chance);
	}

	/**
	 * Queues an event.
	 * @return false if too many events wait already; then the event is not taken
	 */
	boolean add(PendingEvent event) {
		if (!this.queue.enter(event)) {
			return false;
		}
		this.batches.add(event);
		this.batches.sendNext();
		return true;
	}

	private Mono<Void> send(List<PendingEvent> events) {
		return Flux.fromIterable(split(events)).concatMap(this::store).then();
	}

	/** Splits events so that each part fits into a packet of the database. */
	private static List<List<PendingEvent>> split(List<PendingEvent> events) {
		List<List<PendingEvent>> parts = new ArrayList<>();
		long size = FULL_STATEMENT;
		for (PendingEvent event : events) {
			if (size >= FULL_STATEMENT) {
				parts.add(new ArrayList<>());
				size = 0;
			}
			parts.getLast().add(event);
			size += event.entry().length();
		}
		return parts;
	}

	private Mono<Integer> store(List<PendingEvent> events) {
		List<EventBatch> prepared = this.store.batches(events);
		return Mono
			.defer(() -> this.database.log("append-events", (connection) -> this.store.store(connection, prepared)))
			.retryWhen(this.backoff.whileFailing(DatabaseUnavailableException.class::isInstance))
			.doOnNext((repeats) -> done(events, repeats))
			.doOnError((failure) -> failed(events, failure));
	}

	private void done(List<PendingEvent> events, int repeats) {
		this.metrics.stored(events.size(), repeats);
		events.forEach((event) -> {
			this.queue.leave(event);
			event.listener().stored();
		});
		this.stored.run();
	}

	/** Drops events that the database refuses for another reason than its absence. */
	private void failed(List<PendingEvent> events, Throwable failure) {
		logger.error("Events were not stored", failure);
		this.metrics.dropped(events.size());
		events.forEach((event) -> {
			this.queue.leave(event);
			event.listener().dropped();
		});
	}

}

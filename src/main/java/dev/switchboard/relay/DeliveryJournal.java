package dev.switchboard.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

import dev.switchboard.database.Database;
import dev.switchboard.event.EventCursor;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Stores what becomes of a webhook's deliveries, and then its position. Successes are
 * collected for half a second. Failures are stored at once. Thread-safe.
 */
final class DeliveryJournal {

	private static final Logger logger = LoggerFactory.getLogger(DeliveryJournal.class);

	private static final Duration COLLECTING = Duration.ofMillis(500);

	/** How many successes of a webhook are kept. */
	static final int KEPT = 100;

	/** The most rows in a statement. */
	private static final int ROWS = 100;

	private static final int MOST_RESUMED = 1000;

	private final HeldRelay relay;

	private final Database database;

	private final int maxDeadLetters;

	private final Backoff backoff;

	private final Supplier<@Nullable EventCursor> position;

	/** Those that have a row already, because they failed before. */
	private final List<Delivery> repaired = new ArrayList<>();

	/** Those that succeeded at once, the newest of them. */
	private final List<Delivery> delivered = new ArrayList<>();

	private @Nullable EventCursor stored;

	private boolean scheduled;

	private boolean closed;

	private int untrimmed;

	/**
	 * @param position gives the place up to which all is delivered
	 */
	DeliveryJournal(HeldRelay relay, Database database, int maxDeadLetters, Chance chance,
			Supplier<@Nullable EventCursor> position) {
		this.relay = relay;
		this.database = database;
		this.maxDeadLetters = maxDeadLetters;
		this.backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), chance);
		this.position = position;
		this.stored = relay.position();
	}

	/** Reads the deliveries that are to be tried again. */
	Mono<Map<UUID, Delivery>> retrying() {
		return this.database
			.log("webhook-retrying", (connection) -> DeliveryTable.retrying(connection, this.relay.key(), MOST_RESUMED))
			.retryWhen(this.backoff.forever());
	}

	synchronized void delivered(Delivery delivery) {
		List<Delivery> list = (delivery.attempts() > 1) ? this.repaired : this.delivered;
		list.add(delivery);
		if (this.delivered.size() > KEPT) {
			this.delivered.removeFirst();
		}
	}

	/** Stores a failure. Completes when that is done, or has failed. */
	Mono<Void> retrying(Delivery delivery) {
		return put(delivery, null).onErrorComplete();
	}

	/** Stores a dead letter. Tries until that is done. */
	Mono<Void> dead(Delivery delivery, byte[] event) {
		return put(delivery, event).then(trim(DeliveryState.DEAD, this.maxDeadLetters))
			.retryWhen(this.backoff.forever());
	}

	/** Stores the outcome of a dead letter that was tried once more. */
	Mono<Void> settled(Delivery delivery, byte[] event) {
		return put(delivery, (delivery.state() == DeliveryState.DEAD) ? event : null).retryWhen(this.backoff.forever());
	}

	private Mono<Void> put(Delivery delivery, byte @Nullable [] event) {
		return this.database
			.log("webhook-delivery",
					(connection) -> DeliveryTable.put(connection, this.relay.key(), List.of(delivery), event))
			.then();
	}

	private Mono<Void> trim(DeliveryState state, int kept) {
		return this.database
			.log("webhook-trim", (connection) -> DeliveryTable.trim(connection, this.relay.key(), state, kept))
			.then();
	}

	/** Stores successes and the position soon. */
	void progressed() {
		synchronized (this) {
			if (this.scheduled) {
				return;
			}
			this.scheduled = true;
		}
		Mono.delay(COLLECTING).then(Mono.defer(this::flush)).subscribe();
	}

	/** Stores successes, and then the position. Never an error. */
	Mono<Void> flush() {
		List<Delivery> rows;
		synchronized (this) {
			this.scheduled = false;
			rows = new ArrayList<>(this.repaired);
			rows.addAll(this.delivered);
			this.repaired.clear();
			this.delivered.clear();
			this.untrimmed += rows.size();
		}
		// What is read now is not behind the rows.
		EventCursor reached = this.position.get();
		return store(rows).then(Mono.defer(this::trimIfNeeded))
			.then(Mono.defer(() -> save(reached)))
			.doOnError((failure) -> logger.debug("The position of {} is not stored yet", this.relay.key(), failure))
			.onErrorResume((_) -> Mono.fromRunnable(() -> again(rows)));
	}

	private Mono<Void> store(List<Delivery> rows) {
		Mono<Void> all = Mono.empty();
		for (int from = 0; from < rows.size(); from += ROWS) {
			List<Delivery> part = rows.subList(from, Math.min(rows.size(), from + ROWS));
			all = all.then(this.database
				.log("webhook-delivery", (connection) -> DeliveryTable.put(connection, this.relay.key(), part, null))
				.then());
		}
		return all;
	}

	private void again(List<Delivery> rows) {
		synchronized (this) {
			if (this.closed) {
				return;
			}
			rows.forEach(this::delivered);
		}
		progressed();
	}

	/** Gives up what cannot be stored from now on. */
	synchronized void close() {
		this.closed = true;
	}

	private Mono<Void> trimIfNeeded() {
		synchronized (this) {
			if (this.untrimmed < KEPT) {
				return Mono.empty();
			}
			this.untrimmed = 0;
		}
		return trim(DeliveryState.DELIVERED, KEPT);
	}

	private Mono<Void> save(@Nullable EventCursor reached) {
		synchronized (this) {
			if (reached == null || reached.equals(this.stored)) {
				return Mono.empty();
			}
		}
		return this.database.log("save-relay", (connection) -> RelayTable.save(connection, this.relay, reached))
			.doOnNext((_) -> saved(reached))
			.then();
	}

	private synchronized void saved(EventCursor reached) {
		this.stored = reached;
	}

}

package dev.switchboard.push;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

import dev.switchboard.database.Batcher;
import dev.switchboard.database.Database;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.protocol.CallId;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import io.r2dbc.spi.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Records in batches which pushes were sent, announced and acknowledged. While the
 * database is away, they wait. Thread-safe.
 */
final class PushMarks {

	private static final Logger logger = LoggerFactory.getLogger(PushMarks.class);

	private static final int MAX_BATCH = 500;

	/** The most entries of each kind that wait. */
	static final int MAX_QUEUED = 100_000;

	private static final Duration PAUSE_A_WRITE = Duration.ofMillis(1);

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);

	/**
	 * How long pushes that were sent or announced are collected. Most are acknowledged
	 * within that time, and then the acknowledgement alone is stored.
	 */
	private static final Duration COLLECT = Duration.ofMillis(300);

	private final Database database;

	private final DurablePushMetrics metrics;

	private final Backoff backoff;

	private final Batcher<Ack> acks = new Batcher<>(MAX_BATCH, 1, Batcher.growing(PAUSE_A_WRITE, LONGEST_PAUSE),
			this::sendAcks);

	private final Lazy sent = new Lazy("push-sent", WaitingTable::sent);

	private final Lazy announced = new Lazy("push-announced", WaitingTable::announced);

	/** An acknowledgement. */
	private record Ack(Delivery delivery, CallId push) {

		void settled(boolean stored) {
			this.delivery.connection().onLoop(() -> this.delivery.settled(this.push, stored));
		}

	}

	/** Entries that are collected for a while before they are stored. */
	private final class Lazy {

		private final String statement;

		private final BiFunction<Connection, List<CallId>, Mono<Long>> update;

		private final AtomicBoolean due = new AtomicBoolean();

		private final Batcher<CallId> batches = new Batcher<>(MAX_BATCH, 1, (_) -> Duration.ZERO, this::send);

		private Lazy(String statement, BiFunction<Connection, List<CallId>, Mono<Long>> update) {
			this.statement = statement;
			this.update = update;
		}

		private void add(CallId push) {
			if (this.batches.depth() < MAX_QUEUED) {
				this.batches.add(push);
				if (this.due.compareAndSet(false, true)) {
					Mono.delay(COLLECT).subscribe((_) -> {
						this.due.set(false);
						this.batches.sendNext();
					});
				}
			}
		}

		private Mono<Void> send(List<CallId> batch) {
			return store(this.statement, batch, this.update).then();
		}

	}

	PushMarks(Database database, DurablePushMetrics metrics, Chance chance) {
		this.database = database;
		this.metrics = metrics;
		this.backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), chance);
		metrics.gauge("switchboard.pushes.acks.queue", "Acknowledgements of pushes that wait to be stored",
				this.acks::depth);
	}

	/** Records that a push was handed to its agent's socket. */
	void sent(CallId push) {
		this.sent.add(push);
	}

	/** Records that the node that holds the push's agent, if any, knows of the push. */
	void announced(CallId push) {
		this.announced.add(push);
	}

	/**
	 * Records that a push was acknowledged. Drops the acknowledgement if too many wait:
	 * the push is sent again.
	 */
	void acknowledged(Delivery delivery, CallId push) {
		this.sent.batches.remove(push);
		this.announced.batches.remove(push);
		Ack ack = new Ack(delivery, push);
		if (this.acks.depth() >= MAX_QUEUED) {
			this.metrics.droppedAck();
			ack.settled(false);
			return;
		}
		this.acks.add(ack);
		this.acks.sendNext();
	}

	private Mono<Void> sendAcks(List<Ack> batch) {
		return store("push-ack", batch.stream().map(Ack::push).toList(), WaitingTable::acknowledge)
			.doOnNext((ended) -> this.metrics.ended(PushOutcome.ACKNOWLEDGED, ended))
			.doOnSuccess((_) -> batch.forEach((ack) -> ack.settled(true)))
			.doOnError((_) -> batch.forEach((ack) -> {
				this.metrics.droppedAck();
				ack.settled(false);
			}))
			.then();
	}

	private Mono<Long> store(String statement, List<CallId> pushes,
			BiFunction<Connection, List<CallId>, Mono<Long>> update) {
		return this.database.upkeep(statement, (connection) -> update.apply(connection, pushes))
			.retryWhen(this.backoff.whileFailing(DatabaseUnavailableException.class::isInstance))
			.doOnError((failure) -> logger.error("{} not stored", statement, failure));
	}

}

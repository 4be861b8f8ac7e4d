package dev.switchboard.event;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

import dev.switchboard.database.Database;
import dev.switchboard.event.EventBatchTable.Numbered;
import dev.switchboard.time.TimeSource;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/**
 * Finds out up to which number the log is complete. Readers go no further, so a batch
 * with a lower number that is stored late is never skipped. A number that is missing for
 * a while is sealed: a row without events takes it, after the database has waited for a
 * statement that is storing it. The while is measured by this node's own clock.
 * Thread-safe.
 */
final class LogTail {

	/** How long a missing number is waited for. */
	private static final Duration PATIENCE = Duration.ofMillis(250);

	private static final int STEP = 1000;

	/** By how many numbers the log grows until its state is stored again. */
	private static final int STORED_EVERY = 500;

	private final Database database;

	private final EventMetrics metrics;

	private final TimeSource time;

	private final LongSupplier tokens;

	private volatile LogState known = new LogState(0, 0, 0);

	private long missing;

	private long missingSinceNanos;

	/**
	 * @param tokens draws the tokens of sealing rows
	 */
	LogTail(Database database, EventMetrics metrics, TimeSource time, LongSupplier tokens) {
		this.database = database;
		this.metrics = metrics;
		this.time = time;
		this.tokens = tokens;
	}

	/**
	 * Finds out how far the log is complete now. What was acknowledged before is in it,
	 * unless a lower number is missing at this moment.
	 */
	Mono<LogState> advance() {
		return this.database.log("follow-events", this::advance);
	}

	private Mono<LogState> advance(Connection connection) {
		return LogState.read(connection)
			.flatMap((stored) -> Mono.just(start(stored))
				.expand((from) -> step(connection, from))
				.last()
				.flatMap((reached) -> keep(connection, stored, reached)));
	}

	/** Begins where this node or another node has been before. */
	private LogState start(LogState stored) {
		LogState before = this.known;
		long complete = Math.max(stored.complete(), stored.deleted());
		return (before.made() == stored.made() && before.complete() > complete)
				? new LogState(stored.made(), before.complete(), stored.deleted())
				: new LogState(stored.made(), complete, stored.deleted());
	}

	/** Takes a step, and returns where it leads; empty if it leads nowhere. */
	private Mono<LogState> step(Connection connection, LogState from) {
		return EventBatchTable.numbers(connection, from.complete(), STEP).flatMap((rows) -> {
			long complete = reach(from.complete(), rows);
			if (complete > from.complete()) {
				return Mono.just(new LogState(from.made(), complete, from.deleted()));
			}
			return (!rows.isEmpty() && isOverdue(complete + 1))
					? seal(connection, complete + 1, rows.getFirst().number() - 1).thenReturn(from) : Mono.empty();
		});
	}

	/** Returns the last of the numbers that follow one another without a gap. */
	private static long reach(long complete, List<Numbered> rows) {
		long reached = complete;
		for (Numbered row : rows) {
			if (row.number() != reached + 1) {
				break;
			}
			reached++;
		}
		return reached;
	}

	private synchronized boolean isOverdue(long number) {
		long now = this.time.nanoTime();
		if (this.missing != number) {
			this.missing = number;
			this.missingSinceNanos = now;
		}
		return now - this.missingSinceNanos >= PATIENCE.toNanos();
	}

	private Mono<Void> seal(Connection connection, long first, long last) {
		long end = Math.min(last, first + STEP - 1);
		return EventBatchTable.sealNumbers(connection, first, end, this.tokens).doOnNext(this.metrics::sealed).then();
	}

	private Mono<LogState> keep(Connection connection, LogState stored, LogState reached) {
		this.known = reached;
		return (reached.complete() - stored.complete() < STORED_EVERY) ? Mono.just(reached)
				: LogState.raiseComplete(connection, reached.made(), reached.complete()).thenReturn(reached);
	}

}

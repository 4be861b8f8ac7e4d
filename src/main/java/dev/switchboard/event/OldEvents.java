package dev.switchboard.event;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.switchboard.database.Deletion;
import dev.switchboard.node.DirectoryClock;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/**
 * Deletes the oldest batches of the log, and forgets the ids of old events. Looks only at
 * rows that it deletes, and at the first one that stays.
 */
final class OldEvents implements Deletion {

	private final long micros;

	private final DirectoryClock clock;

	/**
	 * Makes the deletion.
	 * @param retention how long the log keeps events
	 */
	OldEvents(Duration retention, DirectoryClock clock) {
		this.micros = TimeUnit.MILLISECONDS.toMicros(retention.toMillis());
		this.clock = clock;
	}

	@Override
	public Mono<Long> run(Connection connection, int limit) {
		return this.clock.learned(connection)
			.then(Mono.defer(() -> forgetIds(connection)))
			.then(EventBatchTable.lastOlderThan(connection, this.micros, limit))
			.flatMap((number) -> (number == 0) ? Mono.just(0L) : LogState.raiseDeleted(connection, number)
				.then(Mono.defer(() -> EventBatchTable.delete(connection, number))));
	}

	private Mono<Void> forgetIds(Connection connection) {
		long day = EventIdTable.dayOf(this.clock.now());
		return EventIdTable.hasOldIds(connection, day)
			.flatMap((old) -> old ? EventIdTable.forget(connection, day) : Mono.empty());
	}

}

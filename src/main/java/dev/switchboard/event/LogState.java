package dev.switchboard.event;

import dev.switchboard.database.Sql;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import reactor.core.publisher.Mono;

/**
 * What all nodes know about the log.
 *
 * @param made when the log was made, in microseconds since 1970 by the database's clock;
 * a log that was lost and made again has another time
 * @param complete up to this number, each number has its row for ever, or had it
 * @param deleted up to this number, the batches may have been deleted
 */
record LogState(long made, long complete, long deleted) {

	private static final LogState NONE = new LogState(0, 0, 0);

	/** Whether the log has all entries after a place. */
	boolean holds(EventPosition position) {
		boolean isDeleted = this.deleted > 0 && position.compareTo(EventPosition.after(this.deleted)) < 0;
		return !isDeleted && position.batch() <= this.complete;
	}

	private static LogState read(Readable row) {
		return new LogState(Sql.number(row, "made"), Sql.number(row, "complete"), Sql.number(row, "deleted"));
	}

	static Mono<LogState> read(Connection connection) {
		return Sql.select(connection, "SELECT made, complete, deleted FROM event_log WHERE id = 1", LogState::read)
			.map((rows) -> rows.isEmpty() ? NONE : rows.getFirst());
	}

	/** Stores a number up to which the log is complete, unless a higher one is stored. */
	static Mono<Long> raiseComplete(Connection connection, long made, long number) {
		return Sql.update(connection, "UPDATE event_log SET complete = ? WHERE id = 1 AND made = ? AND complete < ?",
				number, made, number);
	}

	/**
	 * Stores a number up to which batches are about to be deleted. The log is complete up
	 * to there.
	 */
	static Mono<Long> raiseDeleted(Connection connection, long number) {
		return Sql.update(connection,
				"UPDATE event_log SET deleted = GREATEST(deleted, ?), complete = GREATEST(complete, ?) WHERE id = 1",
				number, number);
	}

}

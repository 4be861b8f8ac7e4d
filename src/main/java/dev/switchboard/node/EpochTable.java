package dev.switchboard.node;

import java.util.List;

import dev.switchboard.database.Sql;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The statements on the highest epoch that any node has written down. */
final class EpochTable {

	private static final String READ = "SELECT " + Sql.CLOCK + " AS micros, "
			+ "(SELECT highest FROM epochs WHERE id = 1) AS highest, "
			+ "(SELECT written FROM epochs WHERE id = 1) AS written";

	/** MySQL assigns from left to right, so the epoch, which decides, comes last. */
	private static final String RAISE = "INSERT INTO epochs (id, highest, written) VALUES (1, ?, " + Sql.CLOCK
			+ ") ON DUPLICATE KEY UPDATE written = CASE WHEN highest < VALUES(highest) THEN VALUES(written) "
			+ "ELSE written END, highest = GREATEST(highest, VALUES(highest))";

	private EpochTable() {
	}

	/**
	 * The database's clock, and the highest epoch with the time at which it was written.
	 *
	 * @param micros the time of the database
	 * @param highest the highest epoch; 0 if none was ever written
	 * @param written when that was, by the database's clock
	 */
	record Reading(long micros, long highest, long written) {

		static Reading read(Readable row) {
			return new Reading(Sql.number(row, "micros"), orZero(row.get("highest", Long.class)),
					orZero(row.get("written", Long.class)));
		}

		private static long orZero(@Nullable Long value) {
			return (value != null) ? value : 0;
		}

	}

	static Mono<Reading> read(Connection connection) {
		return Sql.select(connection, READ, Reading::read).map(List::getFirst);
	}

	static Mono<Long> raise(Connection connection, long epoch) {
		return Sql.update(connection, RAISE, epoch);
	}

}

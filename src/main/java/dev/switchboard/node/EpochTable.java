package dev.switchboard.node;

import java.util.List;

import dev.switchboard.database.Sql;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The statements on the table of epochs. Its one row has the highest epoch that any node
 * has stored there.
 */
final class EpochTable {

	private static final String READ = "SELECT " + Sql.CLOCK + " AS micros, "
			+ "(SELECT highest FROM epochs WHERE id = 1) AS highest, "
			+ "(SELECT written FROM epochs WHERE id = 1) AS written";

	/**
	 * Raises the highest epoch. MySQL assigns the columns from left to right. The new
	 * value of {@code written} depends on the old {@code highest}, so {@code highest}
	 * comes last.
	 */
	private static final String RAISE = "INSERT INTO epochs (id, highest, written) VALUES (1, ?, " + Sql.CLOCK
			+ ") ON DUPLICATE KEY UPDATE written = CASE WHEN highest < VALUES(highest) THEN VALUES(written) "
			+ "ELSE written END, highest = GREATEST(highest, VALUES(highest))";

	private EpochTable() {
	}

	/**
	 * A reading of the database's clock, together with the highest stored epoch.
	 *
	 * @param micros the database's time in microseconds since 1970
	 * @param highest the highest stored epoch; 0 if none was ever stored
	 * @param written when the highest epoch was stored, by the database's clock
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

package dev.switchboard.tenant;

import java.util.List;
import java.util.function.LongFunction;

import dev.switchboard.database.Sql;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/**
 * The statements on the row that numbers the changes of revocations and of tenants. A
 * change locks the row until it is committed. So numbers are committed in their order,
 * and a node that has read a number misses no change up to it.
 */
final class ChangeTable {

	private ChangeTable() {
	}

	/**
	 * The number of the last change.
	 *
	 * @param made when the table was made; a table that was lost and made again has
	 * another time
	 * @param number the number
	 */
	record State(long made, long number) {

		/** The state of a node that has read nothing yet. */
		static final State UNREAD = new State(-1, 0);

	}

	static Mono<State> read(Connection connection) {
		return Sql
			.select(connection, "SELECT made, number FROM tenant_changes WHERE id = 1",
					(row) -> new State(Sql.number(row, "made"), Sql.number(row, "number")))
			.map(List::getFirst);
	}

	/**
	 * Makes a change, in a transaction of its own.
	 * @param change stores the change under its number
	 */
	static <T> Mono<T> change(Connection connection, LongFunction<Mono<T>> change) {
		return Mono.from(connection.beginTransaction())
			.then(Sql.update(connection, "UPDATE tenant_changes SET number = number + 1 WHERE id = 1"))
			.then(read(connection))
			.flatMap((state) -> change.apply(state.number()))
			.flatMap((result) -> Mono.from(connection.commitTransaction()).thenReturn(result))
			.onErrorResume((failure) -> Mono.from(connection.rollbackTransaction())
				.onErrorComplete()
				.then(Mono.error(failure)));
	}

}

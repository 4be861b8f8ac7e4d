package dev.switchboard.event;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

import dev.switchboard.database.Sql;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import reactor.core.publisher.Mono;

/**
 * The statements on the table of batches. The database numbers the rows. A number is
 * drawn before its row can be seen, so a reader may see a number before a lower one. A
 * row without events takes the place of a number, or of a token, that shall never come.
 */
final class EventBatchTable {

	/** The most bytes of content that one reading brings, unless one batch has more. */
	private static final long READ_AT_ONCE = 2L * 1024 * 1024;

	private static final String EMPTY = ", '', 0, 0, " + Sql.CLOCK + ")";

	/**
	 * A batch in the table.
	 *
	 * @param number its number
	 * @param tenant its tenant
	 * @param bytes the length of its content
	 * @param entries its entries
	 */
	record Content(long number, String tenant, int bytes, List<EventEntry> entries) {

		static Content read(Readable row) {
			long number = Sql.number(row, "number");
			byte[] content = Sql.blob(row, "content");
			return new Content(number, Sql.identifier(row, "tenant"), (content != null) ? content.length : 0,
					(content != null) ? EventEntry.read(number, content) : List.of());
		}

	}

	/**
	 * A number that has a row.
	 *
	 * @param number the number
	 * @param tenant the tenant of the batch; empty if the row has no events
	 * @param bytes the length of the content
	 */
	record Numbered(long number, String tenant, int bytes) {

		static Numbered read(Readable row) {
			return new Numbered(Sql.number(row, "number"), Sql.identifier(row, "tenant"), Sql.integer(row, "bytes"));
		}

		/** Returns the numbers of the first batches, as many as may be read at once. */
		static List<Long> readable(List<Numbered> rows) {
			List<Long> numbers = new ArrayList<>();
			long bytes = 0;
			for (Numbered row : rows) {
				bytes += row.bytes();
				if (bytes > READ_AT_ONCE && !numbers.isEmpty()) {
					break;
				}
				numbers.add(row.number());
			}
			return numbers;
		}

	}

	private EventBatchTable() {
	}

	/**
	 * Inserts batches, all or none.
	 * @return completes when they are stored; an error of
	 * {@link io.r2dbc.spi.R2dbcDataIntegrityViolationException} if a number or a token is
	 * taken
	 */
	static Mono<Void> insert(Connection connection, List<EventBatch> batches) {
		List<Object> values = new ArrayList<>();
		for (EventBatch batch : batches) {
			byte[] content = batch.content();
			values.addAll(
					List.of(batch.token(), Sql.bytes(batch.tenant()), batch.events().size(), content.length, content));
		}
		return Sql
			.update(connection,
					"INSERT INTO event_batches (token, tenant, events, bytes, content, stored_at) VALUES "
							+ Sql.list("(?, ?, ?, ?, ?, " + Sql.CLOCK + ")", batches.size()),
					values.toArray())
			.then();
	}

	/** Returns the number of events of the rows with these tokens. */
	static Mono<Map<Long, Integer>> find(Connection connection, Collection<Long> tokens) {
		String sql = "SELECT token, events FROM event_batches WHERE token IN (" + Sql.list("?", tokens.size()) + ")";
		return Sql
			.select(connection, sql, (row) -> Map.entry(Sql.number(row, "token"), Sql.integer(row, "events")),
					tokens.toArray())
			.map((rows) -> {
				Map<Long, Integer> found = new HashMap<>();
				rows.forEach((row) -> found.put(row.getKey(), row.getValue()));
				return found;
			});
	}

	/** Inserts rows without events, so that no row with these tokens comes any more. */
	static Mono<Long> sealTokens(Connection connection, Collection<Long> tokens) {
		return Sql.update(connection,
				"INSERT IGNORE INTO event_batches (token, tenant, events, bytes, stored_at) VALUES "
						+ Sql.list("(?" + EMPTY, tokens.size()),
				tokens.toArray());
	}

	/**
	 * Inserts rows without events, so that no row with these numbers comes any more.
	 * Waits for rows that are about to come.
	 * @param tokens draws the tokens
	 */
	static Mono<Long> sealNumbers(Connection connection, long first, long last, LongSupplier tokens) {
		List<Object> values = new ArrayList<>();
		for (long number = first; number <= last; number++) {
			values.addAll(List.of(number, tokens.getAsLong()));
		}
		return Sql.update(connection,
				"INSERT IGNORE INTO event_batches (number, token, tenant, events, bytes, stored_at) VALUES "
						+ Sql.list("(?, ?" + EMPTY, values.size() / 2),
				values.toArray());
	}

	/** Returns the next numbers that have rows. */
	static Mono<List<Numbered>> numbers(Connection connection, long after, int limit) {
		return Sql.select(connection,
				"SELECT number, tenant, bytes FROM event_batches WHERE number > ? ORDER BY number LIMIT ?",
				Numbered::read, after, limit);
	}

	/** Returns the batches with these numbers. */
	static Mono<List<Content>> contents(Connection connection, List<Long> numbers) {
		return Sql.select(connection, "SELECT number, tenant, content FROM event_batches WHERE number IN ("
				+ Sql.list("?", numbers.size()) + ") ORDER BY number", Content::read, numbers.toArray());
	}

	/** Returns a tenant's next numbers: after one number, and up to another one. */
	static Mono<List<Numbered>> numbers(Connection connection, String tenant, long after, long last, int limit) {
		return Sql.select(connection,
				"SELECT number, tenant, bytes FROM event_batches WHERE tenant = ? AND number > ? AND number <= ? "
						+ "ORDER BY number LIMIT ?",
				Numbered::read, Sql.bytes(tenant), after, last, limit);
	}

	/**
	 * Looks at the oldest rows.
	 * @param micros the age above which a row is old
	 * @param limit how many rows to look at
	 * @return the number of the last old row before one that is not old; 0 if there is
	 * none
	 */
	static Mono<Long> lastOlderThan(Connection connection, long micros, int limit) {
		String sql = "SELECT number, " + Sql.CLOCK + " - stored_at AS age FROM event_batches ORDER BY number LIMIT ?";
		return Sql
			.select(connection, sql, (row) -> (Sql.number(row, "age") > micros) ? Sql.number(row, "number") : 0, limit)
			.map((numbers) -> numbers.stream().takeWhile((number) -> number > 0).reduce(0L, Math::max));
	}

	/** Deletes the rows up to a number, from the oldest on. */
	static Mono<Long> delete(Connection connection, long upTo) {
		return Sql.update(connection, "DELETE FROM event_batches WHERE number <= ?", upTo);
	}

}

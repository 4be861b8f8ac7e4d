package dev.switchboard.event;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.switchboard.database.Sql;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import reactor.core.publisher.Mono;

/**
 * The statements on the tables of event ids: the keys of events, and the tokens of the
 * batches that have them. Each day has a table of its own, so that the ids of a day are
 * forgotten by emptying one table, two days later.
 */
final class EventIdTable {

	private static final int TABLES = 3;

	/**
	 * The most ids in one list. MariaDB turns a list of 1,000 into a temporary table, and
	 * no longer reads each row by its key.
	 */
	private static final int LONGEST_LIST = 500;

	/** An id in a table, and the token of the batch that has its event. */
	private record Row(UUID id, long token) {

		static Row read(Readable row) {
			return new Row(Sql.uuid(row, "id"), Sql.number(row, "token"));
		}

	}

	/**
	 * The ids of a batch's events that belong to other batches, with the tokens of those.
	 *
	 * @param today the ids that the day's table has for other batches
	 * @param yesterday the ids that the table of the day before has
	 */
	record Others(Map<UUID, Long> today, Map<UUID, Long> yesterday) {

		private static Others of(Map<UUID, Long> own, List<Row> today, List<Row> yesterday) {
			return new Others(others(own, today), others(own, yesterday));
		}

		private static Map<UUID, Long> others(Map<UUID, Long> own, List<Row> rows) {
			Map<UUID, Long> others = new HashMap<>();
			rows.forEach((row) -> others.put(row.id(), row.token()));
			own.forEach(others::remove);
			return others;
		}

		boolean isEmpty() {
			return this.today.isEmpty() && this.yesterday.isEmpty();
		}

		Set<Long> tokens() {
			return Stream.of(this.today, this.yesterday)
				.flatMap((ids) -> ids.values().stream())
				.collect(Collectors.toSet());
		}

		/** Whether the event is in the log, if the batches with these tokens are. */
		boolean isLogged(UUID id, Set<Long> logged) {
			return Stream.of(this.today, this.yesterday).anyMatch((ids) -> logged.contains(ids.getOrDefault(id, 0L)));
		}

	}

	private EventIdTable() {
	}

	static long dayOf(Instant time) {
		return Math.floorDiv(time.getEpochSecond(), Duration.ofDays(1).toSeconds());
	}

	private static String table(long day) {
		return "event_ids_" + Math.floorMod(day, TABLES);
	}

	/**
	 * Stores the ids of batches, unless they are stored already.
	 * @return the ids that belong to other batches
	 */
	static Mono<Others> claim(Connection connection, long day, List<EventBatch> batches) {
		// In one order on all nodes, so that two statements do not wait for each other.
		Map<UUID, Long> own = new TreeMap<>();
		batches.forEach((batch) -> batch.events().keySet().forEach((key) -> own.put(key, batch.token())));
		List<UUID> ids = List.copyOf(own.keySet());
		return insert(connection, day, own).flatMap((inserted) -> {
			Mono<List<Row>> today = (inserted == ids.size()) ? Mono.just(List.of()) : find(connection, day, ids);
			return today.zipWhen((_) -> find(connection, day - 1, ids),
					(rows, earlier) -> Others.of(own, rows, earlier));
		});
	}

	private static Mono<Long> insert(Connection connection, long day, Map<UUID, Long> tokens) {
		List<Object> values = new ArrayList<>(2 * tokens.size());
		tokens.forEach((id, token) -> values.addAll(List.of(id, token)));
		return Sql.update(connection,
				"INSERT IGNORE INTO " + table(day) + " (id, token) VALUES " + Sql.list("(?, ?)", tokens.size()),
				values.toArray());
	}

	private static Mono<List<Row>> find(Connection connection, long day, List<UUID> ids) {
		return Sql.select(connection, "SELECT id, token FROM " + table(day) + " WHERE " + condition(ids.size()),
				Row::read, ids.toArray());
	}

	private static String condition(int count) {
		List<String> lists = new ArrayList<>();
		for (int left = count; left > 0; left -= LONGEST_LIST) {
			lists.add("id IN (" + Sql.list("?", Math.min(left, LONGEST_LIST)) + ")");
		}
		return "(" + String.join(" OR ", lists) + ")";
	}

	/**
	 * Gives ids to another batch, as far as they still belong to the old one.
	 * @return how many ids have changed hands
	 */
	static Mono<Long> take(Connection connection, long day, Collection<UUID> ids, long from, long to) {
		List<Object> values = new ArrayList<>(List.of(to, from));
		values.addAll(ids);
		return Sql.update(connection,
				"UPDATE " + table(day) + " SET token = ? WHERE token = ? AND " + condition(ids.size()),
				values.toArray());
	}

	/** Empties the table that will be the next day's. */
	static Mono<Void> forget(Connection connection, long day) {
		return Sql.update(connection, "TRUNCATE TABLE " + table(day + 1)).then();
	}

	/** Whether the table that will be the next day's has ids of an earlier day. */
	static Mono<Boolean> hasOldIds(Connection connection, long day) {
		return Sql.select(connection, "SELECT id, token FROM " + table(day + 1) + " LIMIT 1", Row::read)
			.map((rows) -> !rows.isEmpty());
	}

}

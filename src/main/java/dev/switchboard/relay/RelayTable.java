package dev.switchboard.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.switchboard.database.Sql;
import dev.switchboard.event.EventCursor;
import dev.switchboard.event.EventPosition;
import dev.switchboard.protocol.NodeId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The statements on the table of relays. Each is a statement of its own and no
 * transaction, so that a node that is paused holds no row locked. A fence begins with the
 * database's time, so that a relay that is made again has a higher one.
 */
final class RelayTable {

	/** The lease of a relay that rests: nobody takes it. */
	static final long RESTS = Long.MAX_VALUE;

	private static final String ONE = "tenant = ? AND name = ?";

	/**
	 * A relay that belongs to no node.
	 *
	 * @param key names it
	 * @param lapsedMicros for how long it has belonged to no node
	 */
	record Free(RelayKey key, long lapsedMicros) {
	}

	private RelayTable() {
	}

	/** Makes a relay unless it is there. */
	static Mono<Long> make(Connection connection, RelayKey key, @Nullable EventCursor position) {
		EventPosition place = (position != null) ? position.position() : new EventPosition(0, 0);
		return Sql.update(connection,
				"INSERT IGNORE INTO relays (tenant, name, fence, free_at, log_made, batch, entry) VALUES (?, ?, "
						+ Sql.CLOCK + ", " + Sql.CLOCK + ", ?, ?, ?)",
				Sql.bytes(key.tenant()), Sql.bytes(key.name()), (position != null) ? position.made() : 0L,
				place.batch(), place.index());
	}

	static Mono<Long> remove(Connection connection, RelayKey key) {
		return Sql.update(connection, "DELETE FROM relays WHERE " + ONE, Sql.bytes(key.tenant()),
				Sql.bytes(key.name()));
	}

	/** Lets a relay rest. Its node notices that it has lost the relay. */
	static Mono<Long> rest(Connection connection, RelayKey key) {
		return Sql.update(connection, "UPDATE relays SET holder = NULL, free_at = ? WHERE " + ONE, RESTS,
				Sql.bytes(key.tenant()), Sql.bytes(key.name()));
	}

	/** Ends the rest of a relay. */
	static Mono<Long> wake(Connection connection, RelayKey key) {
		return Sql.update(connection, "UPDATE relays SET free_at = " + Sql.CLOCK + " WHERE " + ONE + " AND free_at = ?",
				Sql.bytes(key.tenant()), Sql.bytes(key.name()), RESTS);
	}

	/** Lists the relays that belong to no node, those first that have waited longest. */
	static Mono<List<Free>> free(Connection connection, int limit) {
		return Sql.select(
				connection, "SELECT tenant, name, " + Sql.CLOCK + " - free_at AS lapsed FROM relays WHERE free_at <= "
						+ Sql.CLOCK + " ORDER BY free_at LIMIT ?",
				(row) -> new Free(key(row), Sql.number(row, "lapsed")), limit);
	}

	/** Takes relays that belong to no node. */
	static Mono<Long> claim(Connection connection, NodeId node, List<RelayKey> keys, Duration lease) {
		List<Object> values = new ArrayList<>(List.of(node.value(), TimeUnit.MILLISECONDS.toMicros(lease.toMillis())));
		keys.forEach((key) -> values.addAll(List.of(Sql.bytes(key.tenant()), Sql.bytes(key.name()))));
		return Sql.update(connection,
				"UPDATE relays SET holder = ?, fence = fence + 1, free_at = " + Sql.CLOCK + " + ? WHERE free_at <= "
						+ Sql.CLOCK + " AND (" + String.join(" OR ", Collections.nCopies(keys.size(), "(" + ONE + ")"))
						+ ")",
				values.toArray());
	}

	/** Renews the leases of all relays of a node. */
	static Mono<Long> renew(Connection connection, NodeId node, Duration lease) {
		return Sql.update(connection, "UPDATE relays SET free_at = " + Sql.CLOCK + " + ? WHERE holder = ?",
				TimeUnit.MILLISECONDS.toMicros(lease.toMillis()), node.value());
	}

	/** Lists the relays of a node. */
	static Mono<List<HeldRelay>> held(Connection connection, NodeId node) {
		return Sql.select(connection,
				"SELECT r.tenant, r.name, r.fence, r.log_made, r.batch, r.entry, COALESCE(w.version, 0) AS version "
						+ "FROM relays r LEFT JOIN webhooks w ON w.tenant = r.tenant AND w.name = r.name "
						+ "WHERE r.holder = ?",
				RelayTable::read, node.value());
	}

	private static HeldRelay read(Readable row) {
		long made = Sql.number(row, "log_made");
		EventPosition place = new EventPosition(Sql.number(row, "batch"), Sql.integer(row, "entry"));
		return new HeldRelay(key(row), Sql.number(row, "fence"), Sql.number(row, "version"),
				(made != 0) ? new EventCursor(made, place) : null);
	}

	private static RelayKey key(Readable row) {
		return new RelayKey(Sql.identifier(row, "tenant"), Sql.identifier(row, "name"));
	}

	/**
	 * Stores a position. Changes nothing if the relay has changed hands.
	 * @return how many rows were found
	 */
	static Mono<Long> save(Connection connection, HeldRelay relay, EventCursor position) {
		return Sql.update(connection,
				"UPDATE relays SET log_made = ?, batch = ?, entry = ? WHERE " + ONE + " AND fence = ?", position.made(),
				position.position().batch(), position.position().index(), Sql.bytes(relay.key().tenant()),
				Sql.bytes(relay.key().name()), relay.fence());
	}

	/** Gives a relay back, so that another node can take it at once. */
	static Mono<Long> release(Connection connection, NodeId node, HeldRelay relay) {
		return Sql.update(connection,
				"UPDATE relays SET holder = NULL, free_at = " + Sql.CLOCK + " WHERE " + ONE
						+ " AND fence = ? AND holder = ?",
				Sql.bytes(relay.key().tenant()), Sql.bytes(relay.key().name()), relay.fence(), node.value());
	}

	/** Gives all relays of a node back. */
	static Mono<Long> releaseAll(Connection connection, NodeId node) {
		return Sql.update(connection, "UPDATE relays SET holder = NULL, free_at = " + Sql.CLOCK + " WHERE holder = ?",
				node.value());
	}

	/** Counts the relays that do not rest. */
	static Mono<Long> count(Connection connection) {
		return Sql
			.select(connection, "SELECT COUNT(*) AS relays FROM relays WHERE free_at < ?",
					(row) -> Sql.number(row, "relays"), RESTS)
			.map(List::getFirst);
	}

}

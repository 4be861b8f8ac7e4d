package dev.switchboard.label;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.switchboard.database.Sql;
import dev.switchboard.directory.AgentKeys;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.Chance;
import io.r2dbc.spi.Connection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Puts new descriptions in the place of earlier ones. A new description gets an id of its
 * own, and is stored beside the earlier one, with its labels. Then one statement puts it
 * in force: it writes the id into the agent's row, if the row still belongs to the
 * connection that sent the description. So a selector sees all labels of the one
 * description or all of the other, and an older connection never undoes the labels of a
 * newer one. A transaction would lock agents' rows for as long as a node is paused in it.
 * <p>
 * A node that dies on the way leaves rows that no agent's row names. They count for
 * nothing.
 */
final class DescriptionChanges {

	/**
	 * A new description.
	 *
	 * @param write the request to store it
	 * @param next the description with its id
	 * @param earlier the description in force before; null if there was none
	 */
	private record Change(DescriptionWrite write, StoredDescription next, @Nullable StoredDescription earlier) {

		AgentId agent() {
			return this.write.agent();
		}

		/** Returns the description that is not in force any more, or never was. */
		@Nullable StoredDescription loser(@Nullable DescriptionRow row) {
			return (row != null && row.has(this.next)) ? this.earlier : this.next;
		}

	}

	private final List<Change> changes;

	private DescriptionChanges(List<Change> changes) {
		this.changes = changes;
	}

	/**
	 * Stores the descriptions that differ from those in the directory. Writes nothing if
	 * none differs.
	 * @return how many differ
	 */
	static Mono<Integer> store(Connection connection, List<DescriptionWrite> writes, Chance chance) {
		return DescriptionRow.find(connection, writes.stream().map(DescriptionWrite::agent).distinct().toList())
			.map((rows) -> of(writes, rows, chance))
			.flatMap((changes) -> changes.store(connection));
	}

	private static DescriptionChanges of(List<DescriptionWrite> writes, Map<AgentId, DescriptionRow> rows,
			Chance chance) {
		// Of two descriptions of one connection, the later one counts.
		Map<AgentId, DescriptionWrite> latest = new HashMap<>();
		for (DescriptionWrite write : writes) {
			DescriptionRow row = rows.get(write.agent());
			if (row != null && row.isOf(write)) {
				latest.put(write.agent(), write);
			}
		}
		List<Change> changes = new ArrayList<>();
		latest.forEach((agent, write) -> {
			DescriptionRow row = Objects.requireNonNull(rows.get(agent));
			if (!row.has(write.description())) {
				long id = chance.uuid().getLeastSignificantBits();
				changes.add(new Change(write, new StoredDescription(agent, id, write.description()), row.stored()));
			}
		});
		return new DescriptionChanges(changes);
	}

	private Mono<Integer> store(Connection connection) {
		if (this.changes.isEmpty()) {
			return Mono.just(0);
		}
		return DescriptionTable.insert(connection, this.changes.stream().map(Change::next).toList())
			.then(Mono.defer(() -> putInForce(connection)))
			.then(Mono.defer(() -> DescriptionRow.find(connection, agents())))
			.flatMap((rows) -> DescriptionTable.delete(connection, losers(rows)))
			.thenReturn(this.changes.size());
	}

	private Mono<Long> putInForce(Connection connection) {
		AgentKeys keys = AgentKeys.of(agents());
		List<Object> values = new ArrayList<>();
		this.changes
			.forEach((change) -> values.addAll(List.of(change.write().connection().value(), change.next().id())));
		values.addAll(keys.values());
		String sql = "UPDATE agents a SET a.description = CASE a.connection_id"
				+ " WHEN ? THEN ?".repeat(this.changes.size()) + " ELSE a.description END WHERE " + keys.condition();
		return Sql.update(connection, sql, values.toArray());
	}

	private List<AgentId> agents() {
		return this.changes.stream().map(Change::agent).toList();
	}

	private List<StoredDescription> losers(Map<AgentId, DescriptionRow> rows) {
		List<StoredDescription> losers = new ArrayList<>();
		for (Change change : this.changes) {
			StoredDescription loser = change.loser(rows.get(change.agent()));
			if (loser != null) {
				losers.add(loser);
			}
		}
		return losers;
	}

}

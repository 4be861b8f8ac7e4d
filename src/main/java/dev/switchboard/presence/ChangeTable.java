package dev.switchboard.presence;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import dev.switchboard.database.Sql;
import dev.switchboard.directory.AgentChanges;
import dev.switchboard.directory.AgentKeys;
import dev.switchboard.directory.AgentTable;
import dev.switchboard.directory.ChangeSql;
import dev.switchboard.protocol.AgentId;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The statements on the recorded changes of agents' presence. */
final class ChangeTable {

	/** The most agents of one statement that changes rows. */
	static final int MOST = 500;

	/**
	 * Changes that are longer are removed by a statement of their own, because more
	 * changes of such an agent may have come meanwhile.
	 */
	private static final int LONG = 1000;

	private static final String ROW = "(tenant = ? AND agent = ? AND changes = ?)";

	private ChangeTable() {
	}

	/**
	 * Reads changes that the event log does not have, those of the longest wait first.
	 * @param olderThanMicros how long they must have waited
	 */
	static Mono<List<AgentChanges>> untold(Connection connection, long olderThanMicros, int limit) {
		return Sql.select(connection,
				"SELECT a.tenant, a.agent, a.untold, a.changes FROM agents a WHERE a.untold <= " + Sql.CLOCK
						+ " - ? ORDER BY a.untold LIMIT ?",
				(row) -> Objects.requireNonNull(AgentChanges.read(row)), olderThanMicros, limit);
	}

	/**
	 * Removes changes of which events tell. Changes that came meanwhile stay. They keep
	 * those before them, unless these are long. Then these are told once more, with the
	 * same ids.
	 */
	static Mono<Void> remove(Connection connection, List<AgentChanges> told) {
		List<AgentChanges> few = told.stream().filter((changes) -> changes.text().length() <= LONG).toList();
		List<Mono<Long>> statements = new ArrayList<>();
		for (int from = 0; from < few.size(); from += MOST) {
			statements.add(removeWhole(connection, few.subList(from, Math.min(few.size(), from + MOST))));
		}
		told.stream()
			.filter((changes) -> changes.text().length() > LONG)
			.forEach((changes) -> statements.add(removeFirst(connection, changes)));
		return Flux.concat(statements).then();
	}

	private static Mono<Long> removeWhole(Connection connection, List<AgentChanges> told) {
		List<Object> values = new ArrayList<>();
		told.forEach((changes) -> addCondition(values, changes));
		return Sql.update(connection, "UPDATE agents SET changes = NULL, untold = NULL WHERE "
				+ String.join(" OR ", Collections.nCopies(told.size(), ROW)), values.toArray());
	}

	private static void addCondition(List<Object> values, AgentChanges changes) {
		values.add(Sql.bytes(changes.agent().tenant()));
		values.add(Sql.bytes(changes.agent().agent()));
		values.add(changes.text());
	}

	private static Mono<Long> removeFirst(Connection connection, AgentChanges told) {
		int length = told.text().length();
		List<Object> values = new ArrayList<>(List.of(length, length + 1));
		values.addAll(List.of(Sql.bytes(told.agent().tenant()), Sql.bytes(told.agent().agent()), length, told.text()));
		return Sql.update(connection,
				"UPDATE agents SET untold = CASE WHEN CHAR_LENGTH(changes) > ? THEN untold ELSE NULL END, "
						+ "changes = SUBSTRING(changes, ?) WHERE tenant = ? AND agent = ? AND LEFT(changes, ?) = ?",
				values.toArray());
	}

	/**
	 * Finds agents that have been away for so long that they are offline.
	 */
	static Mono<List<AgentId>> away(Connection connection, int limit) {
		return Sql.select(connection,
				"SELECT tenant, agent FROM agents WHERE " + ChangeSql.IS_OFFLINE + " ORDER BY offline_at LIMIT ?",
				AgentTable::agent, limit);
	}

	/**
	 * Records that agents are offline, unless they are back or another node has recorded
	 * it.
	 * @return how many became offline
	 */
	static Mono<Long> offline(Connection connection, List<AgentId> away) {
		AgentKeys keys = AgentKeys.of(away);
		return Sql.update(connection, "UPDATE agents a SET " + ChangeSql.OFFLINE + " WHERE " + ChangeSql.IS_OFFLINE
				+ " AND (" + keys.condition() + ")", keys.values().toArray());
	}

}

package dev.switchboard.push;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.switchboard.database.Sql;
import dev.switchboard.directory.AgentKeys;
import dev.switchboard.directory.AgentTable;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/** The statements that read what waits, and that record what has been sent. */
final class WaitingTable {

	private WaitingTable() {
	}

	/** Finds those of the agents for which pushes wait. */
	static Mono<List<AgentId>> agents(Connection connection, Collection<AgentId> agents) {
		return counts(connection, agents).map((counts) -> List.copyOf(counts.keySet()));
	}

	/**
	 * Counts the pushes that wait for each agent. Agents without any are missing. Each
	 * count is a look into the index of that agent's pushes. With one condition on the
	 * pushes of all agents, H2 reads all pushes of the tenant, and most of them have
	 * ended.
	 */
	static Mono<Map<AgentId, Long>> counts(Connection connection, Collection<AgentId> agents) {
		AgentKeys keys = AgentKeys.of(agents);
		return Sql
			.select(connection, counting(keys), (row) -> Map.entry(AgentTable.agent(row), Sql.number(row, "waiting")),
					keys.values().toArray())
			.map((rows) -> {
				Map<AgentId, Long> counts = new HashMap<>();
				rows.stream()
					.filter((row) -> row.getValue() > 0)
					.forEach((row) -> counts.put(row.getKey(), row.getValue()));
				return counts;
			});
	}

	static String counting(AgentKeys agents) {
		return "SELECT a.tenant, a.agent, (SELECT COUNT(*) FROM pushes p WHERE p.tenant = a.tenant AND p.agent = a.agent "
				+ "AND " + PushTable.WAITS + ") AS waiting FROM agents a WHERE " + agents.condition();
	}

	/** Counts the pushes that wait for all agents of a tenant, up to a limit. */
	static Mono<Long> count(Connection connection, String tenant, long limit) {
		return Sql
			.select(connection,
					"SELECT COUNT(*) AS waiting FROM (SELECT 1 AS one FROM pushes WHERE tenant = ? AND "
							+ PushTable.WAITS + " LIMIT ?) limited",
					(row) -> Sql.number(row, "waiting"), Sql.bytes(tenant), limit)
			.map(List::getFirst);
	}

	/**
	 * Reads the pushes that wait for an agent, in the order in which they were stored.
	 * There is no cursor: a push with a lower number may be committed after one with a
	 * higher number.
	 * @param without the pushes that are left out
	 */
	static Mono<List<WaitingPush>> next(Connection connection, AgentId agent, Collection<CallId> without, int limit) {
		List<Object> values = new ArrayList<>(List.of(Sql.bytes(agent.tenant()), Sql.bytes(agent.agent())));
		without.forEach((push) -> values.add(push.value()));
		values.add(limit);
		String others = without.isEmpty() ? "" : " AND id NOT IN (" + Sql.list("?", without.size()) + ")";
		return Sql.select(connection, "SELECT id, method, payload FROM pushes WHERE tenant = ? AND agent = ? AND "
				+ PushTable.WAITS + others + " ORDER BY seq LIMIT ?", WaitingPush::read, values.toArray());
	}

	/** Finds those of the pushes that still wait. */
	static Mono<Set<CallId>> stillWaiting(Connection connection, Collection<CallId> pushes) {
		return Sql
			.select(connection,
					"SELECT id FROM pushes WHERE id IN (" + Sql.list("?", pushes.size()) + ") AND " + PushTable.WAITS,
					(row) -> new CallId(Sql.uuid(row, "id")), pushes.stream().map(CallId::value).toArray())
			.map(HashSet::new);
	}

	/** Records that pushes were acknowledged. A push that has ended stays as it ended. */
	static Mono<Long> acknowledge(Connection connection, List<CallId> pushes) {
		List<Object> values = new ArrayList<>(List.of(PushOutcome.ACKNOWLEDGED.stored(), PushTable.KEPT_MICROS));
		pushes.forEach((push) -> values.add(push.value()));
		return Sql.update(connection,
				"UPDATE pushes SET ended = 1, outcome = ?, ended_at = " + Sql.CLOCK + ", sent_at = COALESCE(sent_at, "
						+ Sql.CLOCK + "), expires = " + Sql.CLOCK + " + ?, payload = NULL, unannounced = NULL "
						+ "WHERE id IN (" + Sql.list("?", pushes.size()) + ") AND " + PushTable.WAITS,
				values.toArray());
	}

	/** Records that pushes were sent, unless they were sent before. */
	static Mono<Long> sent(Connection connection, List<CallId> pushes) {
		return Sql.update(connection, "UPDATE pushes SET sent_at = " + Sql.CLOCK + " WHERE id IN ("
				+ Sql.list("?", pushes.size()) + ") AND sent_at IS NULL AND ended = 0",
				pushes.stream().map(CallId::value).toArray());
	}

	/** Records that the nodes that hold the pushes' agents know of the pushes. */
	static Mono<Long> announced(Connection connection, List<CallId> pushes) {
		return Sql.update(connection, "UPDATE pushes SET unannounced = NULL WHERE id IN ("
				+ Sql.list("?", pushes.size()) + ") AND unannounced IS NOT NULL",
				pushes.stream().map(CallId::value).toArray());
	}

	/**
	 * Finds pushes that nobody has announced, although they were stored some time ago.
	 * The index has only pushes that are not announced yet.
	 */
	static Mono<List<PushNotice>> unannounced(Connection connection, long olderThanMicros, int limit) {
		return Sql.select(connection,
				"SELECT id, tenant, agent FROM pushes WHERE unannounced < " + Sql.CLOCK + " - ? LIMIT ?",
				(row) -> new PushNotice(AgentTable.agent(row), new CallId(Sql.uuid(row, "id"))), olderThanMicros,
				limit);
	}

}

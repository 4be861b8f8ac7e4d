package dev.switchboard.tenant;

import java.time.Duration;
import java.util.List;

import dev.switchboard.database.Sql;
import dev.switchboard.protocol.AgentId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The statements on the table of revocations. The row of an agent that is not revoked any
 * more stays for {@link #KEPT}, so that nodes that were away learn of it.
 */
final class RevocationTable {

	/** How long the row of an agent stays that is not revoked any more. */
	static final Duration KEPT = Duration.ofDays(7);

	private static final String ONE = " WHERE tenant = ? AND agent = ?";

	private RevocationTable() {
	}

	/**
	 * What a node needs to know of a row.
	 *
	 * @param agent the agent
	 * @param revoked whether it is revoked
	 * @param number the number of the row's last change
	 */
	record Row(AgentId agent, boolean revoked, long number) {

		static Row read(Readable row) {
			return new Row(new AgentId(Sql.identifier(row, "tenant"), Sql.identifier(row, "agent")),
					Sql.integer(row, "revoked") != 0, Sql.number(row, "changed"));
		}

	}

	static Mono<Long> put(Connection connection, long number, AgentId agent, @Nullable String reason, String by) {
		return Sql.update(connection,
				"INSERT INTO revocations (tenant, agent, changed, revoked, reason, revoked_by, changed_at) "
						+ "VALUES (?, ?, ?, 1, ?, ?, " + Sql.CLOCK
						+ ") ON DUPLICATE KEY UPDATE changed = VALUES(changed), "
						+ "revoked = 1, reason = VALUES(reason), revoked_by = VALUES(revoked_by), "
						+ "changed_at = VALUES(changed_at)",
				Sql.bytes(agent.tenant()), Sql.bytes(agent.agent()), number,
				(reason != null) ? Sql.bytes(reason) : null, Sql.bytes(by));
	}

	/**
	 * Takes a revocation back.
	 * @return 1, or 0 if the agent was not revoked
	 */
	static Mono<Long> takeBack(Connection connection, long number, AgentId agent) {
		return Sql.update(connection,
				"UPDATE revocations SET changed = ?, revoked = 0, reason = NULL, revoked_by = NULL, changed_at = "
						+ Sql.CLOCK + ONE + " AND revoked = 1",
				number, Sql.bytes(agent.tenant()), Sql.bytes(agent.agent()));
	}

	/** Finds the revocation of an agent; empty if the agent is not revoked. */
	static Mono<Revocation> find(Connection connection, AgentId agent) {
		return Sql
			.select(connection, "SELECT reason, revoked_by, changed_at FROM revocations" + ONE + " AND revoked = 1",
					RevocationTable::read, Sql.bytes(agent.tenant()), Sql.bytes(agent.agent()))
			.flatMap((found) -> Mono.justOrEmpty(found.stream().findFirst()));
	}

	private static Revocation read(Readable row) {
		byte[] reason = row.get("reason", byte[].class);
		return new Revocation((reason != null) ? Sql.text(reason) : null, Sql.instant(row, "changed_at"),
				Sql.identifier(row, "revoked_by"));
	}

	/** Counts the agents that are revoked, without one agent. */
	static Mono<Long> countOthers(Connection connection, AgentId agent) {
		return Sql
			.select(connection,
					"SELECT COUNT(*) AS revoked_agents FROM revocations WHERE revoked = 1 "
							+ "AND NOT (tenant = ? AND agent = ?)",
					(row) -> Sql.number(row, "revoked_agents"), Sql.bytes(agent.tenant()), Sql.bytes(agent.agent()))
			.map(List::getFirst);
	}

	/** Returns the rows that were changed after a number, in the order of changes. */
	static Mono<List<Row>> changedAfter(Connection connection, long number, int limit) {
		return Sql.select(connection,
				"SELECT tenant, agent, revoked, changed FROM revocations WHERE changed > ? ORDER BY changed LIMIT ?",
				Row::read, number, limit);
	}

	/** Deletes rows of agents that have not been revoked for a while. */
	static Mono<Long> removeOld(Connection connection, int limit) {
		return Sql.update(connection,
				"DELETE FROM revocations WHERE revoked = 0 AND changed_at < " + Sql.CLOCK + " - ? LIMIT ?",
				KEPT.toNanos() / 1000, limit);
	}

}

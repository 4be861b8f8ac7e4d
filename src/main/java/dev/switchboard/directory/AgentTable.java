package dev.switchboard.directory;

import java.util.List;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The table of agents: what is read from it and deleted. */
final class AgentTable {

	private static final String SELECT = "SELECT a.tenant, a.agent, a.connection_id, a.epoch, a.connected_at, "
			+ "a.last_seen, a.remote_address, n.id, n.host, n.port, n.agent_url, n.state, n.connections, n.capacity, "
			+ "n.heartbeat FROM agents a LEFT JOIN nodes n ON n.id = a.node AND n.state <> " + NodeState.DEAD.stored();

	private AgentTable() {
	}

	/** Looks an agent up; empty if it was never seen. */
	static Mono<AgentRecord> find(Connection connection, AgentId agent) {
		return Sql
			.select(connection, SELECT + " WHERE a.tenant = ? AND a.agent = ?", AgentTable::read,
					Sql.bytes(agent.tenant()), Sql.bytes(agent.agent()))
			.flatMap((found) -> Mono.justOrEmpty(found.stream().findFirst()));
	}

	/**
	 * The agents after this one, by their ids' bytes, that are claimed, are not, or all.
	 */
	static Mono<List<AgentRecord>> list(Connection connection, String tenant, @Nullable Boolean online, int limit,
			@Nullable String after) {
		String sql = SELECT + " WHERE a.tenant = ? AND a.agent > ?" + presence(online) + " ORDER BY a.agent LIMIT ?";
		return Sql.select(connection, sql, AgentTable::read, Sql.bytes(tenant), Sql.bytes((after != null) ? after : ""),
				limit);
	}

	/**
	 * Goes by the claim alone. A condition on its node would let the database begin with
	 * the nodes, and sort all of the tenant's agents for one page.
	 */
	private static String presence(@Nullable Boolean online) {
		if (online == null) {
			return "";
		}
		return online ? " AND a.node IS NOT NULL" : " AND a.node IS NULL";
	}

	/** Forgets some agents that nobody has held for this long; tells how many. */
	static Mono<Long> forget(Connection connection, long unseenMicros, int limit) {
		return Sql.update(connection,
				"DELETE FROM agents WHERE node IS NULL AND last_seen < " + Sql.CLOCK + " - ? LIMIT ?", unseenMicros,
				limit);
	}

	private static AgentRecord read(Readable row) {
		return new AgentRecord(agent(row), (row.get("id") != null) ? NodeTable.read(row) : null,
				new ConnectionId(Sql.uuid(row, "connection_id")), Sql.number(row, "epoch"),
				DirectoryClock.instant(Sql.number(row, "connected_at")),
				DirectoryClock.instant(Sql.number(row, "last_seen")), row.get("remote_address", String.class));
	}

	static AgentId agent(Readable row) {
		return new AgentId(Sql.identifier(row, "tenant"), Sql.identifier(row, "agent"));
	}

}

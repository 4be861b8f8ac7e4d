package dev.switchboard.directory;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.switchboard.database.Deletion;
import dev.switchboard.database.Sql;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.node.NodeTable;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import dev.switchboard.protocol.NodeId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Reads and deletes rows of the table of agents. */
public final class AgentTable {

	/**
	 * Selects agents and their nodes. While an agent is connected, {@code last_seen} has
	 * the connection's epoch, which may differ from the time. So the query then gives the
	 * time at which the connection was made.
	 */
	private static final String SELECT = "SELECT a.tenant, a.agent, a.connection_id, a.epoch, a.connected_at, "
			+ "CASE WHEN a.node IS NULL THEN a.last_seen ELSE a.connected_at END AS last_seen, a.remote_host, a.remote_port, a.supersessions, a.superseded_at, "
			+ "a.closed_at, a.close_code, a.close_reason, n.id, n.host, n.port, "
			+ "n.agent_url, n.state, n.connections, n.capacity, n.heartbeat, n.lease "
			+ "FROM agents a LEFT JOIN nodes n ON n.id = a.node AND n.state <> " + NodeState.DEAD.stored();

	/**
	 * Selects claims of one node. The database answers this query from the index on
	 * (node, last_seen) alone.
	 */
	private static final String CLAIMS = "SELECT tenant, agent, last_seen FROM agents "
			+ "WHERE node = ? AND last_seen >= ? AND last_seen < ? "
			+ "AND (last_seen > ? OR tenant > ? OR (tenant = ? AND agent > ?)) "
			+ "ORDER BY last_seen, tenant, agent LIMIT ?";

	private AgentTable() {
	}

	/** Looks agents up. The result lacks the agents that were never seen. */
	static Mono<List<AgentRecord>> find(Connection connection, List<AgentId> agents) {
		AgentKeys keys = AgentKeys.of(agents);
		return Sql.select(connection, SELECT + " WHERE " + keys.condition(), reader(), keys.values().toArray());
	}

	/**
	 * Lists the agents of a tenant whose ids come after the given id, in the order of the
	 * ids' bytes.
	 * @param online true for claimed agents, false for agents without a claim, null for
	 * all
	 */
	static Mono<List<AgentRecord>> list(Connection connection, String tenant, @Nullable Boolean online, int limit,
			@Nullable String after) {
		String sql = SELECT + " WHERE a.tenant = ? AND a.agent > ?" + presence(online) + " ORDER BY a.agent LIMIT ?";
		return Sql.select(connection, sql, reader(), Sql.bytes(tenant), Sql.bytes((after != null) ? after : ""), limit);
	}

	/**
	 * Returns the condition on an agent's claim, to follow others on the table with the
	 * alias {@code a}; empty if there is no condition. It does not look at the state of
	 * the claim's node: with a condition on that state, the database would start from the
	 * table of nodes, and would sort all of the tenant's agents for one page.
	 * @param online true for claimed agents, false for agents without a claim, null for
	 * all
	 */
	public static String presence(@Nullable Boolean online) {
		if (online == null) {
			return "";
		}
		return online ? " AND a.node IS NOT NULL" : " AND a.node IS NULL";
	}

	/**
	 * Lists the claims of a node, in the order of their epochs. While an agent is
	 * connected, the column {@code last_seen} has the connection's epoch.
	 */
	static Mono<List<ClaimKey>> claims(Connection connection, NodeId node, @Nullable ClaimKey after, long before,
			int limit) {
		long epoch = (after != null) ? after.epoch() : 0;
		byte[] tenant = Sql.bytes((after != null) ? after.agent().tenant() : "");
		byte[] agent = Sql.bytes((after != null) ? after.agent().agent() : "");
		return Sql.select(connection, CLAIMS, (row) -> new ClaimKey(agent(row), Sql.number(row, "last_seen")),
				node.value(), epoch, before, epoch, tenant, tenant, agent, limit);
	}

	/** Returns the deletion of agents that no node has held for the given time. */
	static Deletion unseenFor(Duration retention) {
		long micros = TimeUnit.MILLISECONDS.toMicros(retention.toMillis());
		return (connection, limit) -> Sql.update(connection,
				"DELETE FROM agents WHERE node IS NULL AND last_seen < " + Sql.CLOCK + " - ? LIMIT ?", micros, limit);
	}

	/**
	 * Returns a reader for the rows of one result. It makes one record of each node,
	 * which all agents of the node share.
	 */
	private static Function<Readable, AgentRecord> reader() {
		Map<UUID, NodeRecord> nodes = new HashMap<>();
		return (row) -> read(row, nodes);
	}

	private static AgentRecord read(Readable row, Map<UUID, NodeRecord> nodes) {
		byte[] id = row.get("id", byte[].class);
		NodeRecord node = (id != null) ? nodes.computeIfAbsent(Sql.uuid(id), (unread) -> NodeTable.read(row)) : null;
		return new AgentRecord(claim(row), node, Sql.instant(row, "last_seen"), SupersedeStreak.read(row),
				LastClose.read(row));
	}

	private static Claim claim(Readable row) {
		return new Claim(agent(row), new ConnectionId(Sql.uuid(row, "connection_id")), Sql.number(row, "epoch"),
				Sql.instant(row, "connected_at"), remoteAddress(row));
	}

	private static @Nullable String remoteAddress(Readable row) {
		String host = row.get("remote_host", String.class);
		return (host != null) ? new RemoteAddress(host, row.get("remote_port", Integer.class)).toString() : null;
	}

	/** Returns the agent of a row. */
	public static AgentId agent(Readable row) {
		return new AgentId(Sql.identifier(row, "tenant"), Sql.identifier(row, "agent"));
	}

}

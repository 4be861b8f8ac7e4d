package dev.switchboard.directory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.switchboard.database.Sql;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import io.r2dbc.spi.Connection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Stores claims and releases in the table of agents, many in one statement, and reads
 * back what came of them.
 * <p>
 * Each statement commits by itself: a transaction over both would hold its rows' locks
 * for as long as a node that lost its way to the database is not missed there, and with
 * them all claims of the nodes to which its agents return. So another node's claim may
 * come between the two statements. Nothing is lost by that, because each row carries whom
 * the latest two claims displaced, and the change that displaces is what writes it: if
 * this node's claim was displaced before it could be read back, the newer one's row names
 * this node and the one before it, and the newer one's node, which reads later, tells
 * both; the same holds if the answer to a batch was lost and the batch is sent again. It
 * takes three nodes that claim one agent within one batch's time for a name to drop out
 * of a row unread; the audit finds that connection.
 */
final class AgentWriter {

	/** Rows in one order whoever writes, so that two nodes' batches never deadlock. */
	private static final Comparator<AgentId> BY_KEY = Comparator.comparing(AgentId::tenant)
		.thenComparing(AgentId::agent);

	private static final String INSERT = "INSERT INTO agents (tenant, agent, node, connection_id, epoch, "
			+ "connected_at, last_seen, remote_host, remote_port) VALUES ";

	private static final String ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?)";

	private static final String NEWER = "epoch < VALUES(epoch)";

	/** H2 takes a parenthesis before VALUES for a table, so the columns come first. */
	private static final String NEWER_OR_SAME = NEWER
			+ " OR (epoch = VALUES(epoch) AND connection_id = VALUES(connection_id))";

	/** It takes the agent from a connection of another host. */
	private static final String MOVES = NEWER + " AND node IS NOT NULL AND remote_host <> VALUES(remote_host)";

	/**
	 * MySQL assigns from left to right, so what others depend on comes after them, and
	 * the epoch, which decides, last.
	 */
	private static final String UPDATE = " ON DUPLICATE KEY UPDATE " + String.join(", ",
			when(NEWER, "earlier_node", "previous_node"), when(NEWER, "previous_node", "node"),
			when(MOVES, "supersessions",
					"CASE WHEN superseded_at + " + Supersessions.MEMORY_MICROS
							+ " > VALUES(connected_at) THEN supersessions + 1 ELSE 1 END"),
			when(MOVES, "superseded_at", "VALUES(connected_at)"), newer("node"), newer("connected_at"),
			newer("last_seen"), newer("remote_host"), newer("remote_port"), newer("connection_id"), newer("epoch"));

	private final NodeId self;

	/**
	 * @param self the node whose claims are written
	 */
	AgentWriter(NodeId self) {
		this.self = self;
	}

	private static String when(String condition, String column, String value) {
		return column + " = CASE WHEN " + condition + " THEN " + value + " ELSE " + column + " END";
	}

	private static String newer(String column) {
		return when(NEWER_OR_SAME, column, "VALUES(" + column + ")");
	}

	/**
	 * Stores claims and releases. Each takes effect over a lower epoch, and over its own.
	 * @return the rows afterwards
	 */
	Mono<StoredClaims> store(Connection connection, List<AgentWrite> batch) {
		Map<AgentId, AgentWrite> latest = latest(batch);
		String sql = INSERT + AgentKeys.list(ROW, latest.size()) + UPDATE;
		return Sql.update(connection, sql, values(latest.values()).toArray())
			.then(Mono.defer(() -> StoredClaims.read(connection, List.copyOf(latest.keySet()))));
	}

	/**
	 * What this node's connections of one agent come to. Were each written, the second
	 * would hide whom the first displaced.
	 */
	private static Map<AgentId, AgentWrite> latest(List<AgentWrite> batch) {
		Map<AgentId, AgentWrite> latest = new TreeMap<>(BY_KEY);
		batch.forEach((write) -> latest.merge(write.claim().agent(), write, AgentWriter::later));
		return latest;
	}

	private static AgentWrite later(AgentWrite first, AgentWrite second) {
		boolean isLater = second.isSameConnection(first) || second.claim().epoch() > first.claim().epoch();
		return isLater ? second : first;
	}

	private List<@Nullable Object> values(Collection<AgentWrite> writes) {
		List<@Nullable Object> values = new ArrayList<>(writes.size() * 9);
		writes.forEach((write) -> addRow(values, write));
		return values;
	}

	private void addRow(List<@Nullable Object> values, AgentWrite write) {
		Claim claim = write.claim();
		RemoteAddress remote = RemoteAddress.parse(claim.remoteAddress());
		values.add(Sql.bytes(claim.agent().tenant()));
		values.add(Sql.bytes(claim.agent().agent()));
		values.add(write.isClaim() ? this.self.value() : null);
		values.add(claim.connection().value());
		values.add(claim.epoch());
		values.add(Sql.micros(claim.connectedAt()));
		values.add(Sql.micros(write.lastSeen()));
		values.add((remote != null) ? remote.host() : null);
		values.add((remote != null) ? remote.port() : null);
	}

}

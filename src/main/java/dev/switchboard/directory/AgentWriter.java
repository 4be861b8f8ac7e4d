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
 * their rows back.
 * <p>
 * Each statement commits by itself: a transaction over both would hold its rows' locks
 * until the database notices that the node is gone, and block the claims of the nodes to
 * which the agents return. So another node's claim may come between the two statements.
 * Nothing is lost by that, because each row names the two nodes whose claims the latest
 * two claims superseded, and the statement that supersedes writes these names. If this
 * node's claim is superseded before it is read back, the newer claim's row names this
 * node and the one before it, and the newer claim's node, which reads later, notifies
 * both. The same holds if the answer to a batch was lost and the batch is sent again. A
 * name drops out of a row unread only if three nodes claim one agent within the time of
 * one batch; the claim audit finds that connection.
 */
final class AgentWriter {

	/** All nodes write rows in one order, so that their batches never deadlock. */
	private static final Comparator<AgentId> BY_KEY = Comparator.comparing(AgentId::tenant)
		.thenComparing(AgentId::agent);

	private static final String INSERT = "INSERT INTO agents (tenant, agent, node, connection_id, epoch, "
			+ "connected_at, last_seen, remote_host, remote_port) VALUES ";

	private static final String ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?)";

	/**
	 * A write takes effect if its epoch is higher, or if it is of the row's own
	 * connection. MySQL assigns from left to right, so a column that others read comes
	 * after them, and the epoch, which decides, comes last. In H2 a parenthesis must not
	 * stand before VALUES.
	 */
	private static final String UPDATE = Sql.compact("""
			 ON DUPLICATE KEY UPDATE
			-- The node that the claim before the latest one superseded.
			earlier_node = CASE WHEN epoch < VALUES(epoch) THEN previous_node ELSE earlier_node END,
			-- The node that the latest claim superseded.
			previous_node = CASE WHEN epoch < VALUES(epoch) THEN node ELSE previous_node END,
			-- Times in a row, each within SupersedeStreak.MEMORY, that a claim from another host superseded one.
			supersessions = CASE WHEN epoch < VALUES(epoch) AND node IS NOT NULL AND remote_host <> VALUES(remote_host)
				THEN CASE WHEN superseded_at + %d > VALUES(connected_at) THEN supersessions + 1 ELSE 1 END
				ELSE supersessions END,
			-- The last of these times.
			superseded_at = CASE WHEN epoch < VALUES(epoch) AND node IS NOT NULL AND remote_host <> VALUES(remote_host)
				THEN VALUES(connected_at) ELSE superseded_at END,
			-- The node that holds the agent; null from a release on.
			node = CASE WHEN epoch < VALUES(epoch)
				OR (epoch = VALUES(epoch) AND connection_id = VALUES(connection_id)) THEN VALUES(node) ELSE node END,
			-- When the connection was made.
			connected_at = CASE WHEN epoch < VALUES(epoch)
				OR (epoch = VALUES(epoch) AND connection_id = VALUES(connection_id))
				THEN VALUES(connected_at) ELSE connected_at END,
			-- When the connection ended; when it was made, while it lasts.
			last_seen = CASE WHEN epoch < VALUES(epoch)
				OR (epoch = VALUES(epoch) AND connection_id = VALUES(connection_id))
				THEN VALUES(last_seen) ELSE last_seen END,
			-- The host that the connection comes from.
			remote_host = CASE WHEN epoch < VALUES(epoch)
				OR (epoch = VALUES(epoch) AND connection_id = VALUES(connection_id))
				THEN VALUES(remote_host) ELSE remote_host END,
			-- The port there.
			remote_port = CASE WHEN epoch < VALUES(epoch)
				OR (epoch = VALUES(epoch) AND connection_id = VALUES(connection_id))
				THEN VALUES(remote_port) ELSE remote_port END,
			-- The connection; read by all columns above.
			connection_id = CASE WHEN epoch < VALUES(epoch)
				OR (epoch = VALUES(epoch) AND connection_id = VALUES(connection_id))
				THEN VALUES(connection_id) ELSE connection_id END,
			-- The connection's epoch; read by all columns above.
			epoch = CASE WHEN epoch < VALUES(epoch)
				OR (epoch = VALUES(epoch) AND connection_id = VALUES(connection_id)) THEN VALUES(epoch) ELSE epoch END
			""").formatted(SupersedeStreak.MEMORY_MICROS);

	private final NodeId self;

	/**
	 * Writes for one node.
	 * @param self the node whose claims are written
	 */
	AgentWriter(NodeId self) {
		this.self = self;
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
	 * The last write of each agent. If each one were written, the second would hide the
	 * node that the first superseded.
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

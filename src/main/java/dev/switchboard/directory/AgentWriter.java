package dev.switchboard.directory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.database.Sql;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import io.r2dbc.spi.Connection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Stores claims and releases in the table of agents, many in one statement, and reads
 * their rows back in a second statement.
 * <p>
 * Each of the two statements commits by itself. If this node died, a transaction around
 * both would keep its rows locked until the database notices the death, and would block
 * the claims of the nodes to which the agents return. So another node's claim may come
 * between the two statements.
 * <p>
 * Superseded nodes are notified all the same, because each row names the two nodes whose
 * claims the latest two claims superseded. Assume that a claim of this node is superseded
 * before this node reads it back. Then the row names this node and the node that held the
 * agent before it. The node of the newer claim reads the row and notifies both. If the
 * answer to a batch is lost and the batch is sent again, the row still has the names. A
 * name leaves the row before anybody reads it only if three nodes claim one agent within
 * the time of one batch. Then the claim audit finds the superseded connection.
 */
final class AgentWriter {

	/**
	 * The order in which all nodes write rows. Because it is the same for all, their
	 * batches do not deadlock.
	 */
	private static final Comparator<AgentId> BY_KEY = Comparator.comparing(AgentId::tenant)
		.thenComparing(AgentId::agent);

	private static final String INSERT = "INSERT INTO agents (tenant, agent, node, connection_id, epoch, "
			+ "connected_at, last_seen, remote_host, remote_port, closed_at, close_code, close_reason";

	private static final String ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?";

	private static final String ON_CONFLICT = " ON DUPLICATE KEY UPDATE ";

	/**
	 * Changes an existing row if the write's epoch is higher than the row's, or if the
	 * write is of the row's own connection. The row's epoch never falls. While an agent
	 * is connected, {@code last_seen} has the connection's epoch, because the claim audit
	 * reads claims in the order of epochs. MySQL assigns the columns from top to bottom.
	 * So a column comes after all columns whose new values depend on its old value, and
	 * the epoch comes last. H2 cannot read VALUES directly after an opening parenthesis.
	 */
	private static final String UPDATE = Sql.compact("""
			-- The node that lost the agent to the claim before the latest one.
			earlier_node = CASE WHEN {newer} THEN previous_node ELSE earlier_node END,
			-- The node that the latest claim superseded.
			previous_node = CASE WHEN {newer} THEN node ELSE previous_node END,
			-- The node that holds the agent; null after a release.
			node = CASE WHEN {newer} OR {same} THEN VALUES(node) ELSE node END,
			-- When the connection was made.
			connected_at = CASE WHEN {newer} OR {same} THEN VALUES(connected_at) ELSE connected_at END,
			-- When the connection ended or, while it lasts, its epoch.
			last_seen = CASE WHEN {newer} OR {same} THEN CASE WHEN VALUES(node) IS NULL THEN VALUES(last_seen)
				ELSE GREATEST(epoch, VALUES(epoch)) END ELSE last_seen END,
			-- The host that the connection comes from.
			remote_host = CASE WHEN {newer} OR {same} THEN VALUES(remote_host) ELSE remote_host END,
			-- The port on that host.
			remote_port = CASE WHEN {newer} OR {same} THEN VALUES(remote_port) ELSE remote_port END,
			-- When the last connection ended whose end is known.
			closed_at = CASE WHEN {newer} OR {same} THEN CASE WHEN VALUES(close_code) IS NULL THEN closed_at
				ELSE VALUES(closed_at) END ELSE closed_at END,
			-- Its close code.
			close_code = CASE WHEN {newer} OR {same} THEN CASE WHEN VALUES(close_code) IS NULL THEN close_code
				ELSE VALUES(close_code) END ELSE close_code END,
			-- The text of its Close frame.
			close_reason = CASE WHEN {newer} OR {same} THEN CASE WHEN VALUES(close_code) IS NULL THEN close_reason
				ELSE VALUES(close_reason) END ELSE close_reason END,
			-- The connection's id, on which columns above depend.
			connection_id = CASE WHEN {newer} OR {same} THEN VALUES(connection_id) ELSE connection_id END,
			-- The connection's epoch, on which all columns above depend.
			epoch = GREATEST(epoch, VALUES(epoch))
			""")
		.replace("{newer}", "epoch < VALUES(epoch) AND connection_id <> VALUES(connection_id)")
		.replace("{same}", "connection_id = VALUES(connection_id)");

	private final NodeId self;

	private final DirectoryClock clock;

	private final ChangeSql changes;

	/**
	 * Makes the writer of a node's claims and releases.
	 * @param self the node
	 * @param clock corrects provisional epochs
	 * @param changes records the changes of agents' presence
	 */
	AgentWriter(NodeId self, DirectoryClock clock, ChangeSql changes) {
		this.self = self;
		this.clock = clock;
		this.changes = changes;
	}

	/**
	 * Stores claims and releases. A write changes its agent's row if the row has a lower
	 * epoch or belongs to the same connection.
	 * @return the rows after the writes
	 */
	Mono<StoredClaims> store(Connection connection, List<AgentWrite> batch) {
		Map<AgentId, AgentWrite> latest = latest(batch);
		String sql = statement(latest.values());
		return this.clock.learned(connection)
			.then(Mono.defer(() -> Sql.update(connection, sql, values(latest.values()).toArray())))
			.then(Mono.defer(() -> StoredClaims.read(connection, List.copyOf(latest.keySet()))))
			.flatMap((stored) -> whole(stored, latest.keySet()));
	}

	private String statement(Collection<AgentWrite> writes) {
		String rows = writes.stream()
			.map((write) -> ROW + this.changes.row(write) + ")")
			.collect(Collectors.joining(", "));
		return INSERT + this.changes.columns() + ") VALUES " + rows + ON_CONFLICT + this.changes.update() + UPDATE;
	}

	/**
	 * Fails, so that the batch is stored again, if an agent has no row. Then the rows
	 * were deleted after they were written, as when an operator empties the database. A
	 * missing row says nothing about the agent's claim.
	 */
	private static Mono<StoredClaims> whole(StoredClaims stored, Set<AgentId> agents) {
		return stored.rows().keySet().containsAll(agents) ? Mono.just(stored) : Mono
			.error(new DatabaseUnavailableException("rows of agents were deleted just after they were written", null));
	}

	/**
	 * Returns the last write of each agent. Two claims of one agent in one statement
	 * would lose the name of the node that the first claim superseded.
	 */
	private static Map<AgentId, AgentWrite> latest(List<AgentWrite> batch) {
		Map<AgentId, AgentWrite> latest = new TreeMap<>(BY_KEY);
		batch.forEach((write) -> latest.merge(write.claim().agent(), write, AgentWriter::later));
		return latest;
	}

	private static AgentWrite later(AgentWrite first, AgentWrite second) {
		if (second.isSameConnection(first)) {
			return first.again() ? second : second.first();
		}
		return (second.claim().epoch() > first.claim().epoch()) ? second : first;
	}

	private List<@Nullable Object> values(Collection<AgentWrite> writes) {
		List<@Nullable Object> values = new ArrayList<>(writes.size() * 15);
		writes.forEach((write) -> addRow(values, write));
		return values;
	}

	private void addRow(List<@Nullable Object> values, AgentWrite write) {
		Claim claim = write.claim();
		RemoteAddress remote = RemoteAddress.parse(claim.remoteAddress());
		long epoch = this.clock.settled(claim.epoch());
		Instant connectedAt = (claim.epoch() < 0) ? this.clock.timeOf(epoch) : claim.connectedAt();
		values.add(Sql.bytes(claim.agent().tenant()));
		values.add(Sql.bytes(claim.agent().agent()));
		values.add(write.isClaim() ? this.self.value() : null);
		values.add(claim.connection().value());
		values.add(epoch);
		values.add(Sql.micros(connectedAt));
		values.add((write.released() != null) ? Sql.micros(write.released()) : epoch);
		values.add((remote != null) ? remote.host() : null);
		values.add((remote != null) ? remote.port() : null);
		LastClose close = write.close();
		values.add((close != null) ? Sql.micros(close.at()) : null);
		values.add((close != null) ? close.code() : null);
		values.add((close != null) ? close.reasonBytes() : null);
		this.changes.addTo(values, write, this.self.value());
	}

}

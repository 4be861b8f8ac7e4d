package dev.switchboard.node;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.switchboard.database.Sql;
import dev.switchboard.protocol.NodeId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The statements on the table of nodes. All times in the table are by the database's
 * clock, which may step. So no node is declared dead because of these times.
 */
public final class NodeTable {

	private static final int DEAD = NodeState.DEAD.stored();

	private static final String REGISTER = "INSERT INTO nodes (id, host, port, agent_url, state, connections, "
			+ "capacity, lease, wire, version, zone, handshake_rate, drain_until, started_at, heartbeat) "
			+ "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, " + Sql.CLOCK + " - ?, " + Sql.CLOCK
			+ ") ON DUPLICATE KEY UPDATE state = VALUES(state), connections = VALUES(connections), "
			+ "drain_until = VALUES(drain_until), zone = VALUES(zone), handshake_rate = VALUES(handshake_rate), "
			+ "heartbeat = VALUES(heartbeat)";

	/**
	 * Stores a heartbeat. Other nodes see by a changed heartbeat that this node lives. So
	 * each heartbeat differs from the previous one, even if the database's clock stands
	 * still.
	 */
	private static final String RENEW = "UPDATE nodes SET heartbeat = CASE WHEN heartbeat >= " + Sql.CLOCK
			+ " AND heartbeat < " + Sql.CLOCK + " + 1000000 THEN heartbeat + 1 ELSE " + Sql.CLOCK
			+ " END, state = ?, connections = ?, drain_until = ?, zone = ?, handshake_rate = ? WHERE id = ? AND state <> "
			+ DEAD + " AND heartbeat >= ?";

	/**
	 * Stores the state of a living node between two heartbeats. The time of the last
	 * heartbeat stays as it is.
	 */
	private static final String PUBLISH = "UPDATE nodes SET state = ?, connections = ?, drain_until = ?, "
			+ "handshake_rate = ? WHERE id = ? AND state <> " + DEAD;

	private static final String EXPIRE = "UPDATE nodes SET state = " + DEAD + " WHERE id = ? AND heartbeat = ?"
			+ " AND state <> " + DEAD;

	/**
	 * Deletes dead nodes, except those that have claims. A node that was declared dead
	 * may still store claims until it notices that. Only the claims of listed nodes are
	 * released, so such a node stays listed.
	 */
	private static final String FORGET = "DELETE FROM nodes WHERE state = " + DEAD + " AND heartbeat < " + Sql.CLOCK
			+ " - ? AND NOT EXISTS (SELECT 1 FROM agents WHERE agents.node = nodes.id)";

	private NodeTable() {
	}

	/**
	 * The facts about a node that never change.
	 *
	 * @param id the node
	 * @param host the host at which other nodes reach the node
	 * @param zone gives the place of the node; null while it is not known
	 * @param capacity the most connections that the node takes
	 * @param lease how long the node's heartbeat may stand still before other nodes
	 * declare the node dead
	 */
	record Self(NodeId id, String host, Supplier<@Nullable String> zone, int capacity, Duration lease) {
	}

	/**
	 * The state that a node publishes.
	 *
	 * @param drainUntil when the node's drain ends at the latest; null if the node is up
	 * @param handshakeRate the number of handshakes that the node accepts in a second at
	 * present
	 */
	record Standing(int connections, @Nullable Instant drainUntil, int handshakeRate) {

		private int state() {
			return ((this.drainUntil != null) ? NodeState.DRAINING : NodeState.UP).stored();
		}

		private @Nullable Long until() {
			return (this.drainUntil != null) ? Sql.micros(this.drainUntil) : null;
		}

	}

	/**
	 * Enters a node.
	 * @param uptime how long ago the node started
	 */
	static Mono<Void> register(Connection connection, Self self, NodeStatus status, Standing standing,
			Duration uptime) {
		return Sql
			.update(connection, REGISTER, self.id().value(), self.host(), status.forwardingPort().getAsInt(),
					status.agentUrl(), standing.state(), standing.connections(), self.capacity(), micros(self.lease()),
					status.wire(), status.version(), self.zone().get(), standing.handshakeRate(), standing.until(),
					micros(uptime))
			.then();
	}

	private static long micros(Duration duration) {
		return TimeUnit.MILLISECONDS.toMicros(duration.toMillis());
	}

	/**
	 * Stores a heartbeat of a node, which renews its lease.
	 * @param stored the heartbeat in the row when {@link #heartbeat} last read it
	 * @return false if the node has no row, if the row has an earlier heartbeat, or if
	 * the node was declared dead
	 */
	static Mono<Boolean> renew(Connection connection, Self self, Standing standing, long stored) {
		return Sql
			.update(connection, RENEW, standing.state(), standing.connections(), standing.until(), self.zone().get(),
					standing.handshakeRate(), self.id().value(), stored)
			.map((rows) -> rows > 0);
	}

	/** Stores the state of a node, unless the node was declared dead. */
	static Mono<Long> publish(Connection connection, NodeId id, Standing standing) {
		return Sql.update(connection, PUBLISH, standing.state(), standing.connections(), standing.until(),
				standing.handshakeRate(), id.value());
	}

	/**
	 * Reads the time of a node's last heartbeat.
	 * @return the time in microseconds; empty if the node has no row
	 */
	static Mono<Long> heartbeat(Connection connection, NodeId id) {
		return Sql
			.select(connection, "SELECT heartbeat FROM nodes WHERE id = ?", (row) -> Sql.number(row, "heartbeat"),
					id.value())
			.flatMap((rows) -> Mono.justOrEmpty(rows.stream().findFirst()));
	}

	/**
	 * Declares a node dead, unless the node has sent a further heartbeat meanwhile.
	 * @return 1 if the node was declared dead, or else 0
	 */
	static Mono<Long> declareDead(Connection connection, NodeRecord gone) {
		return Sql.update(connection, EXPIRE, gone.id().value(), Sql.micros(gone.lastHeartbeat()));
	}

	static Mono<List<NodeRecord>> list(Connection connection) {
		return Sql.select(connection, "SELECT * FROM nodes ORDER BY id", (row) -> read(row).with(NodeTraits.read(row)));
	}

	public static Mono<Long> remove(Connection connection, NodeId id) {
		return Sql.update(connection, "DELETE FROM nodes WHERE id = ?", id.value());
	}

	/**
	 * Removes dead nodes that have no claims and whose last heartbeat is longer ago than
	 * the given time.
	 */
	static Mono<Long> forget(Connection connection, long unseenMicros) {
		return Sql.update(connection, FORGET, unseenMicros);
	}

	/** Reads a node, without its traits, from the columns of a row. */
	public static NodeRecord read(Readable row) {
		return new NodeRecord(new NodeId(Sql.uuid(row, "id")), String.valueOf(row.get("host", String.class)),
				Sql.integer(row, "port"), row.get("agent_url", String.class), NodeState.of(Sql.integer(row, "state")),
				Sql.integer(row, "connections"), Sql.integer(row, "capacity"), Sql.instant(row, "heartbeat"),
				Duration.of(Sql.number(row, "lease"), ChronoUnit.MICROS));
	}

}

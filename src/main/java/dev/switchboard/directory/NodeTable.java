package dev.switchboard.directory;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

import dev.switchboard.database.Sql;
import dev.switchboard.protocol.NodeId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The table of nodes: its statements. Every time in it is the database's. */
public final class NodeTable {

	private static final int DEAD = NodeState.DEAD.stored();

	private static final String REGISTER = "INSERT INTO nodes "
			+ "(id, host, port, agent_url, state, connections, capacity, lease, heartbeat) "
			+ "VALUES (?, ?, ?, ?, ?, ?, ?, ?, " + Sql.CLOCK + ") ON DUPLICATE KEY UPDATE state = VALUES(state), "
			+ "connections = VALUES(connections), heartbeat = VALUES(heartbeat)";

	private static final String RENEW = "UPDATE nodes SET heartbeat = " + Sql.CLOCK
			+ ", state = ?, connections = ? WHERE id = ? AND state <> " + DEAD;

	private static final String EXPIRE = "UPDATE nodes SET state = " + DEAD + " WHERE state <> " + DEAD
			+ " AND heartbeat + lease < " + Sql.CLOCK + " AND id <> ?";

	/** Looks once more whether the node is dead: it may have come back meanwhile. */
	private static final String RELEASE_DEAD = "UPDATE agents SET node = NULL, last_seen = ? WHERE node = ? AND EXISTS "
			+ "(SELECT 1 FROM nodes WHERE id = ? AND state = " + DEAD + ") LIMIT ?";

	private NodeTable() {
	}

	/**
	 * What a node says of itself.
	 */
	record Self(NodeId id, String host, int port, @Nullable String agentUrl, int capacity, long leaseMicros) {

		/** The same, at another port. */
		Self at(int port) {
			return new Self(this.id, this.host, port, this.agentUrl, this.capacity, this.leaseMicros);
		}

	}

	static Mono<Void> register(Connection connection, Self self, NodeState state, int connections) {
		return Sql
			.update(connection, REGISTER, self.id().value(), self.host(), self.port(), self.agentUrl(), state.stored(),
					connections, self.capacity(), self.leaseMicros())
			.then();
	}

	/** Renews the lease; false if the row is gone or was declared dead. */
	static Mono<Boolean> renew(Connection connection, NodeId id, NodeState state, int connections) {
		return Sql.update(connection, RENEW, state.stored(), connections, id.value()).map((rows) -> rows > 0);
	}

	static Mono<Void> clock(Connection connection, DirectoryClock clock) {
		long asked = System.nanoTime();
		return Sql.select(connection, "SELECT " + Sql.CLOCK + " AS micros", (row) -> Sql.number(row, "micros"))
			.doOnNext((micros) -> clock.learn(micros.getFirst(), asked, System.nanoTime()))
			.then();
	}

	/** Declares those dead that are past their lease. */
	static Mono<Long> expire(Connection connection, NodeId self) {
		return Sql.update(connection, EXPIRE, self.value());
	}

	static Mono<List<NodeRecord>> list(Connection connection) {
		return Sql.select(connection, "SELECT * FROM nodes ORDER BY id", NodeTable::read);
	}

	/** Releases some agents of a dead node, last seen at its last heartbeat. */
	static Mono<Long> releaseClaims(Connection connection, NodeRecord dead, int limit) {
		return Sql.update(connection, RELEASE_DEAD, DirectoryClock.micros(dead.lastHeartbeat()), dead.id().value(),
				dead.id().value(), limit);
	}

	/** Releases some agents of a node that leaves by itself. */
	static Mono<Long> releaseOwnClaims(Connection connection, NodeId self, int limit) {
		return Sql.update(connection,
				"UPDATE agents SET node = NULL, last_seen = " + Sql.CLOCK + " WHERE node = ? LIMIT ?", self.value(),
				limit);
	}

	public static Mono<Long> remove(Connection connection, NodeId id) {
		return Sql.update(connection, "DELETE FROM nodes WHERE id = ?", id.value());
	}

	/**
	 * Removes dead nodes that hold nothing any more and were last heard of so long ago.
	 */
	static Mono<Long> forget(Connection connection, long unseenMicros) {
		return Sql.update(connection, "DELETE FROM nodes WHERE state = " + DEAD + " AND heartbeat < " + Sql.CLOCK
				+ " - ? AND NOT EXISTS (SELECT 1 FROM agents WHERE agents.node = nodes.id)", unseenMicros);
	}

	static NodeRecord read(Readable row) {
		return new NodeRecord(new NodeId(Sql.uuid(row, "id")), String.valueOf(row.get("host", String.class)),
				Sql.integer(row, "port"), row.get("agent_url", String.class), NodeState.of(Sql.integer(row, "state")),
				Sql.integer(row, "connections"), Sql.integer(row, "capacity"),
				DirectoryClock.instant(Sql.number(row, "heartbeat")),
				Duration.of(Sql.number(row, "lease"), ChronoUnit.MICROS));
	}

}

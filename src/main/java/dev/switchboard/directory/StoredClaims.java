package dev.switchboard.directory;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

import dev.switchboard.database.Sql;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The rows of a batch's agents, read after the batch was stored.
 *
 * @param rows the row of each agent
 */
record StoredClaims(Map<AgentId, Row> rows) {

	private static final String SELECT = "SELECT a.tenant, a.agent, a.epoch, a.connection_id, a.supersessions, "
			+ "a.superseded_at, " + AgentChanges.COLUMNS + ", p.id AS previous, e.id AS earlier FROM agents a "
			+ living("p", "previous_node") + living("e", "earlier_node") + "WHERE ";

	/**
	 * An agent's row.
	 *
	 * @param key the agent and the epoch of its latest connection
	 * @param connection the id of that connection
	 * @param previous the node that the latest claim superseded; null if there is none,
	 * or if that node is known to be dead
	 * @param earlier the node that the second-latest claim superseded; null in the same
	 * cases as {@code previous}
	 * @param streak how often the agent's connections were alive when newer ones took the
	 * agent
	 * @param changes the changes of its presence that the event log does not have; null
	 * if there are none
	 */
	record Row(ClaimKey key, UUID connection, @Nullable NodeId previous, @Nullable NodeId earlier,
			SupersedeStreak streak, @Nullable AgentChanges changes) {

		static Row read(Readable row) {
			return new Row(new ClaimKey(AgentTable.agent(row), Sql.number(row, "epoch")),
					Sql.uuid(row, "connection_id"), node(row, "previous"), node(row, "earlier"),
					SupersedeStreak.read(row), AgentChanges.read(row));
		}

		private static @Nullable NodeId node(Readable row, String column) {
			return (row.get(column) != null) ? new NodeId(Sql.uuid(row, column)) : null;
		}

		boolean is(Claim claim) {
			return this.connection.equals(claim.connection().value());
		}

		private Stream<Superseded> superseded(NodeId self) {
			return Stream.of(this.previous, this.earlier).<NodeId>mapMulti((node, each) -> {
				if (node != null && !node.equals(self)) {
					each.accept(node);
				}
			}).distinct().map((node) -> new Superseded(node, this.key.agent(), this.key.epoch()));
		}

	}

	private static String living(String table, String column) {
		return "LEFT JOIN nodes %s ON %s.id = a.%s AND %s.state <> %d ".formatted(table, table, column, table,
				NodeState.DEAD.stored());
	}

	/** Reads the agents' rows. */
	static Mono<StoredClaims> read(Connection connection, List<AgentId> agents) {
		AgentKeys keys = AgentKeys.of(agents);
		return Sql.select(connection, SELECT + keys.condition(), Row::read, keys.values().toArray())
			.map(StoredClaims::of);
	}

	private static StoredClaims of(List<Row> found) {
		Map<AgentId, Row> rows = HashMap.newHashMap(found.size());
		found.forEach((row) -> rows.put(row.key().agent(), row));
		return new StoredClaims(rows);
	}

	/** Gives each write the epoch that its agent's row has now. */
	void tell(List<AgentWrite> batch) {
		batch.forEach((write) -> {
			Row row = this.rows.get(write.claim().agent());
			if (row != null) {
				write.row().accept(row.key().epoch());
			}
		});
	}

	/** Whether the agent's row belongs to this write's connection. */
	boolean holds(AgentWrite write) {
		Row row = this.rows.get(write.claim().agent());
		return row != null && row.is(write.claim());
	}

	/**
	 * Returns the agents that flap and are held by claims of this batch.
	 * @param now the directory's time
	 */
	Map<AgentId, SupersedeStreak> flapping(List<AgentWrite> batch, Instant now) {
		Map<AgentId, SupersedeStreak> flapping = new HashMap<>();
		batch.stream().map(AgentWrite::claim).forEach((claim) -> {
			Row row = this.rows.get(claim.agent());
			if (row != null && row.is(claim) && row.streak().isFlapping(now)) {
				flapping.put(claim.agent(), row.streak());
			}
		});
		return flapping;
	}

	/** Returns the changes of presence that the event log does not have yet. */
	List<AgentChanges> changes() {
		return this.rows.values().stream().map(Row::changes).filter(Objects::nonNull).toList();
	}

	/**
	 * Returns the notices for the superseded nodes that the rows name, except this node.
	 */
	List<Superseded> superseded(NodeId self) {
		return this.rows.values().stream().flatMap((row) -> row.superseded(self)).toList();
	}

}

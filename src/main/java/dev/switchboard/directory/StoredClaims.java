package dev.switchboard.directory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import dev.switchboard.database.Sql;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import dev.switchboard.protocol.NodeId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What the rows of a batch's agents said once the batch was stored.
 *
 * @param owners the row of each agent
 */
record StoredClaims(Map<AgentId, Owner> owners) {

	private static final String SELECT = "SELECT a.tenant, a.agent, a.epoch, a.connection_id, a.supersessions, "
			+ "a.superseded_at, p.id AS previous, e.id AS earlier FROM agents a " + living("p", "previous_node")
			+ living("e", "earlier_node") + "WHERE ";

	/**
	 * The connection that an agent's row names, and the living nodes that held the agent
	 * before the latest two claims.
	 */
	record Owner(AgentId agent, long epoch, UUID connection, @Nullable NodeId previous, @Nullable NodeId earlier,
			Supersessions supersessions) {

		static Owner read(Readable row) {
			return new Owner(AgentTable.agent(row), Sql.number(row, "epoch"), Sql.uuid(row, "connection_id"),
					node(row, "previous"), node(row, "earlier"), Supersessions.read(row));
		}

		private static @Nullable NodeId node(Readable row, String column) {
			return (row.get(column) != null) ? new NodeId(Sql.uuid(row, column)) : null;
		}

		boolean is(Claim claim) {
			return this.epoch == claim.epoch() && this.connection.equals(claim.connection().value());
		}

		private Stream<Displaced> displaced(NodeId self) {
			return Stream.of(this.previous, this.earlier).<NodeId>mapMulti((node, each) -> {
				if (node != null && !node.equals(self)) {
					each.accept(node);
				}
			}).distinct().map((node) -> new Displaced(node, this.agent, new ConnectionId(this.connection), this.epoch));
		}

	}

	private static String living(String table, String column) {
		return "LEFT JOIN nodes %s ON %s.id = a.%s AND %s.state <> %d ".formatted(table, table, column, table,
				NodeState.DEAD.stored());
	}

	/** Reads the agents' rows. */
	static Mono<StoredClaims> read(Connection connection, List<AgentId> agents) {
		AgentKeys keys = AgentKeys.of(agents);
		return Sql.select(connection, SELECT + keys.condition(), Owner::read, keys.values().toArray())
			.map(StoredClaims::of);
	}

	private static StoredClaims of(List<Owner> found) {
		Map<AgentId, Owner> owners = HashMap.newHashMap(found.size());
		found.forEach((owner) -> owners.put(owner.agent(), owner));
		return new StoredClaims(owners);
	}

	/** Whether the claim holds its agent. */
	boolean holds(AgentWrite write) {
		Owner owner = this.owners.get(write.claim().agent());
		return owner != null && owner.is(write.claim());
	}

	/** Agents that this batch's claims have taken from another host yet again. */
	Map<AgentId, Supersessions> flapping(List<AgentWrite> batch) {
		Map<AgentId, Supersessions> flapping = new HashMap<>();
		batch.stream().map(AgentWrite::claim).forEach((claim) -> {
			Owner owner = this.owners.get(claim.agent());
			if (owner != null && owner.is(claim) && owner.supersessions().isNewly(claim.connectedAt())) {
				flapping.put(claim.agent(), owner.supersessions());
			}
		});
		return flapping;
	}

	/** Whom among the other nodes to tell, of agents that newer connections have now. */
	List<Displaced> displaced(NodeId self) {
		return this.owners.values().stream().flatMap((owner) -> owner.displaced(self)).toList();
	}

}

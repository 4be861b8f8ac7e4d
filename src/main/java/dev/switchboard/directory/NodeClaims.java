package dev.switchboard.directory;

import dev.switchboard.database.Sql;
import dev.switchboard.node.ClaimRelease;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.NodeId;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/** Releases a node's claims in the table of agents. */
final class NodeClaims implements ClaimRelease {

	/**
	 * Releases claims of a dead node. The node may have registered again since it was
	 * found dead, so the statement checks that it is still dead.
	 */
	private static final String RELEASE_DEAD = "UPDATE agents SET node = NULL, last_seen = ? WHERE node = ? AND EXISTS "
			+ "(SELECT 1 FROM nodes WHERE id = ? AND state = " + NodeState.DEAD.stored() + ") LIMIT ?";

	private static final String RELEASE_LEAVING = "UPDATE agents SET node = NULL, last_seen = " + Sql.CLOCK
			+ " WHERE node = ? LIMIT ?";

	@Override
	public Mono<Long> ofDead(Connection connection, NodeRecord dead, int limit) {
		return Sql.update(connection, RELEASE_DEAD, Sql.micros(dead.lastHeartbeat()), dead.id().value(),
				dead.id().value(), limit);
	}

	@Override
	public Mono<Long> ofLeaving(Connection connection, NodeId leaving, int limit) {
		return Sql.update(connection, RELEASE_LEAVING, leaving.value(), limit);
	}

}

package dev.switchboard.directory;

import java.util.List;

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
	private static final String RELEASE_DEAD = "node = NULL, last_seen = ? WHERE node = ? AND EXISTS "
			+ "(SELECT 1 FROM nodes WHERE id = ? AND state = " + NodeState.DEAD.stored() + ") LIMIT ?";

	private static final String RELEASE_LEAVING = "node = NULL, last_seen = " + Sql.CLOCK + " WHERE node = ? LIMIT ?";

	private static final int NO_CLOSE_FRAME = 1006;

	private static final int GOING_AWAY = 1001;

	private final String releaseDead;

	private final String releaseLeaving;

	private final List<ChangeListener> listeners;

	/**
	 * @param changes records the changes of agents' presence
	 * @param listeners are notified when claims have been released
	 */
	NodeClaims(ChangeSql changes, List<ChangeListener> listeners) {
		this.releaseDead = "UPDATE agents SET " + changes.gone(NO_CLOSE_FRAME, "the node died") + RELEASE_DEAD;
		this.releaseLeaving = "UPDATE agents SET " + changes.gone(GOING_AWAY, "the node has left") + RELEASE_LEAVING;
		this.listeners = List.copyOf(listeners);
	}

	@Override
	public Mono<Long> ofDead(Connection connection, NodeRecord dead, int limit) {
		return Sql
			.update(connection, this.releaseDead, Sql.micros(dead.lastHeartbeat()), dead.id().value(),
					dead.id().value(), limit)
			.doOnNext(this::released);
	}

	@Override
	public Mono<Long> ofLeaving(Connection connection, NodeId leaving, int limit) {
		return Sql.update(connection, this.releaseLeaving, leaving.value(), limit).doOnNext(this::released);
	}

	private void released(long claims) {
		if (claims > 0) {
			this.listeners.forEach(ChangeListener::released);
		}
	}

}

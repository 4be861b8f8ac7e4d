package dev.switchboard.node;

import dev.switchboard.protocol.NodeId;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/** Releases the claims of nodes that are gone; the directory of agents implements it. */
public interface ClaimRelease {

	/**
	 * Releases some claims of a dead node. Its agents were last seen at its last
	 * heartbeat.
	 * @param limit the most to release, so that few rows are locked at a time
	 * @return how many were released; fewer than the limit when none are left, or when
	 * the node is back
	 */
	Mono<Long> ofDead(Connection connection, NodeRecord dead, int limit);

	/**
	 * Releases some claims of a node that leaves. Its agents were last seen now.
	 * @param limit the most to release, so that few rows are locked at a time
	 * @return how many were released; fewer than the limit when none are left
	 */
	Mono<Long> ofLeaving(Connection connection, NodeId leaving, int limit);

}

package dev.switchboard.node;

import dev.switchboard.protocol.NodeId;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/** Releases the claims of nodes that are gone. The directory of agents implements it. */
public interface ClaimRelease {

	/**
	 * Releases some claims of a dead node. The node's last heartbeat is recorded as the
	 * time at which its agents were last seen.
	 * @param limit the most claims to release, so that few rows are locked at a time
	 * @return how many claims were released; fewer than the limit if no more are left, or
	 * if the node has registered again
	 */
	Mono<Long> ofDead(Connection connection, NodeRecord dead, int limit);

	/**
	 * Releases some claims of a node that leaves. The present moment is recorded as the
	 * time at which its agents were last seen.
	 * @param limit the most claims to release, so that few rows are locked at a time
	 * @return how many claims were released; fewer than the limit if no more are left
	 */
	Mono<Long> ofLeaving(Connection connection, NodeId leaving, int limit);

}

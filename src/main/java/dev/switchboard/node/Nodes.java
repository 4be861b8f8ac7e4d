package dev.switchboard.node;

import java.time.Duration;
import java.util.List;

import dev.switchboard.database.Database;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.protocol.NodeId;
import reactor.core.publisher.Mono;

/**
 * The nodes that the directory lists. Thread-safe; nothing happens before subscription.
 */
public final class Nodes {

	private final Database database;

	private final DirectoryClock clock;

	Nodes(Database database, DirectoryClock clock) {
		this.database = database;
		this.clock = clock;
	}

	/**
	 * Lists the nodes, in the order of the bytes of their ids.
	 * @param limit how long the directory may be silent
	 * @return the nodes; an error of {@link DatabaseUnavailableException} if the
	 * directory is silent for longer
	 */
	public Mono<List<NodeRecord>> list(Duration limit) {
		return Database.within(limit, this.database.request("nodes", NodeTable::list));
	}

	/**
	 * Finds a node.
	 * @param limit how long the directory may be silent
	 * @return the node; empty if the directory does not list it; an error of
	 * {@link DatabaseUnavailableException} if the directory is silent for longer
	 */
	public Mono<NodeRecord> find(NodeId id, Duration limit) {
		return list(limit)
			.flatMap((nodes) -> Mono.justOrEmpty(nodes.stream().filter((node) -> node.id().equals(id)).findFirst()));
	}

	/**
	 * Whether a node's lease is not over. The lease begins at the node's last heartbeat.
	 */
	public boolean isWithinLease(NodeRecord node) {
		return !node.lastHeartbeat().plus(node.lease()).isBefore(this.clock.now());
	}

}

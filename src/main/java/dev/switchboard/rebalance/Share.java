package dev.switchboard.rebalance;

import dev.switchboard.node.NodeRecord;

/**
 * A node, and how many connections it would have if the nodes were level.
 *
 * @param level that number, which is not rounded
 */
record Share(NodeRecord node, double level) {

	/**
	 * Returns by how many connections the node differs from its level: more than 0 if it
	 * has too many.
	 */
	double difference() {
		return this.node.connections() - this.level;
	}

	/** Returns how many agents the node has to give away; 0 if it has none too many. */
	int surplus() {
		return (int) Math.max(0, Math.floor(difference()));
	}

	/** Returns how many agents the node can take; 0 if it has enough. */
	int room() {
		return (int) Math.max(0, Math.ceil(-difference()));
	}

}

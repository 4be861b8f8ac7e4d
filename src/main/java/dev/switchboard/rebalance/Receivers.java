package dev.switchboard.rebalance;

import java.time.Duration;
import java.util.List;

import dev.switchboard.time.Chance;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that have too few agents, and have said that they take some. Immutable.
 *
 * @param ownRate the handshake rate of this node, which counts for nodes that do not
 * publish theirs
 */
record Receivers(List<Share> nodes, int ownRate) {

	/**
	 * Draws a node, and returns that node's own URL for agents; null if the node has
	 * none. Nodes that have more room below their level are drawn more often.
	 */
	@Nullable String drawUrl(Chance chance) {
		Share share = chance.draw(this.nodes, Share::room);
		return (share != null) ? share.node().agentUrl() : null;
	}

	/** Returns how long an agent may take to move to one of the nodes. */
	Duration patience() {
		boolean byUrl = this.nodes.stream().allMatch((share) -> share.node().agentUrl() != null);
		return byUrl ? AskedAgents.PATIENCE : AskedAgents.LONG_PATIENCE;
	}

	/**
	 * Returns how many agents a node may ask to move in the next second: so many that the
	 * nodes become level, and not more than the receivers can take.
	 * @param waiting how many agents the node has asked that have not moved yet
	 * @param rate which part of its agents a node asks in a second
	 */
	int allowance(RebalancePlan plan, Share own, int waiting, double rate) {
		double part = own.surplus() / (double) Math.max(1, plan.surplus());
		double perSecond = Math.min(rate * own.node().connections(), perSecond() * part);
		// Waiting agents may try again every second or two, so their number is limited.
		int most = Math.min(own.surplus() - waiting, this.ownRate - waiting);
		return Math.max(0, Math.min(most, (int) Math.max(1, perSecond)));
	}

	/**
	 * Returns how many agents the nodes can take in a second. Half of their handshakes
	 * are left to the agents that come by themselves.
	 */
	private double perSecond() {
		return this.nodes.stream().mapToInt((share) -> share.node().traits().handshakeRateOr(this.ownRate)).sum() / 2.0;
	}

}

package dev.switchboard.rebalance;

import java.time.Instant;

/**
 * A rebalance that is going on.
 *
 * @param began when it began, by the directory's clock. Only agents that connected before
 * are moved, so no agent moves twice
 * @param moves whether this node moves agents away; otherwise it only takes agents
 * @param exact whether it goes on until no agent has to move any more, because an
 * operator has started it
 */
record Run(Instant began, boolean moves, boolean exact) {

	/** The nodes are level if none differs by more than this part of the mean. */
	private static final double LEVEL = 0.03;

	/** Returns this run, together with one that another node or an operator has begun. */
	Run with(Run other) {
		return new Run(this.began.isBefore(other.began) ? this.began : other.began, this.moves || other.moves,
				this.exact || other.exact);
	}

	/** Whether there is nothing left to do. */
	boolean isDone(RebalancePlan plan) {
		return plan.isLevel(this.exact ? 0 : LEVEL);
	}

}

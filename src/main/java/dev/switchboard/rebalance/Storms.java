package dev.switchboard.rebalance;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IntSummaryStatistics;

/**
 * Notices when many agents come or go at once. A rebalance does not change how many
 * agents all nodes have together. So if that number changes quickly, agents come, or
 * leave, or have lost their node. Not thread-safe.
 */
final class Storms {

	/** How long the number must have been steady. */
	static final Duration WINDOW = Duration.ofSeconds(10);

	/** By how much the number may change in this time. */
	private static final double LEAST_TOLERANCE = 0.05;

	/** Changes of so few agents are no storm. */
	private static final int FEW = 10;

	private final double tolerance;

	private final Deque<Count> counts = new ArrayDeque<>();

	private record Count(int agents, long nanos) {
	}

	/**
	 * @param rate which part of its agents a node moves in a second. The counts of the
	 * nodes are up to a few seconds old, so moving agents may be missing in them or be
	 * counted twice
	 */
	Storms(double rate) {
		this.tolerance = Math.max(LEAST_TOLERANCE, 2 * rate);
	}

	/**
	 * Records a count.
	 * @param agents how many agents all nodes have together
	 * @param now the time, by the clock of all calls, in nanoseconds
	 * @return whether many agents have come or gone lately
	 */
	boolean isStorm(int agents, long now) {
		this.counts.add(new Count(agents, now));
		this.counts.removeIf((count) -> now - count.nanos() > WINDOW.toNanos());
		IntSummaryStatistics seen = this.counts.stream().mapToInt(Count::agents).summaryStatistics();
		return seen.getMax() - seen.getMin() > Math.max(FEW, this.tolerance * seen.getMax());
	}

}

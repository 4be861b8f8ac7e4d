package dev.switchboard.rebalance;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a rebalance goes on, as this node sees it. All nodes see the same list of
 * nodes, so all of them begin and end at about the same time. Thread-safe.
 */
final class RebalanceState {

	private static final Logger logger = LoggerFactory.getLogger(RebalanceState.class);

	/** A rebalance begins if the nodes differ too much at this many looks in a row. */
	private static final int LOOKS = 2;

	/** A rebalance ends if no agent was asked to move for this time. */
	static final Duration QUIET = AskedAgents.LONG_PATIENCE.plusSeconds(30);

	/** The pause after a rebalance that did not make the nodes level. */
	static final Duration REST = Duration.ofMinutes(5);

	private final RebalanceSettings settings;

	private final Supplier<Instant> clock;

	private final TimeSource time;

	private @Nullable Run run;

	private boolean drain;

	private int unevenLooks;

	private long busyAt;

	private @Nullable Long restsSince;

	/**
	 * @param clock the directory's clock
	 */
	RebalanceState(RebalanceSettings settings, Supplier<Instant> clock, TimeSource time) {
		this.settings = settings;
		this.clock = clock;
		this.time = time;
	}

	/**
	 * Looks at a new plan. Begins a rebalance if the nodes have differed too much for a
	 * while, or ends the one that goes on.
	 * @param storm whether many agents come or go at the moment
	 * @return the rebalance that goes on; null if there is none
	 */
	synchronized @Nullable Run see(RebalancePlan plan, boolean storm) {
		Run current = this.run;
		this.drain = plan.drain();
		if (current != null) {
			endIfOver(plan, current);
		}
		else {
			beginIfUneven(plan, storm);
		}
		return this.run;
	}

	private void beginIfUneven(RebalancePlan plan, boolean storm) {
		boolean uneven = this.settings.enabled() && !this.drain && !storm && !isResting()
				&& plan.spread() > this.settings.threshold();
		this.unevenLooks = uneven ? this.unevenLooks + 1 : 0;
		if (this.unevenLooks >= LOOKS) {
			begin(new Run(this.clock.get(), true, false));
			logger.info("The nodes have {}", plan);
		}
	}

	private boolean isResting() {
		Long since = this.restsSince;
		return since != null && this.time.nanoTime() - since < REST.toNanos();
	}

	private void begin(Run next) {
		logger.info("A rebalance begins");
		this.run = next;
		this.unevenLooks = 0;
		this.busyAt = this.time.nanoTime();
	}

	private void endIfOver(RebalancePlan plan, Run current) {
		if (current.isDone(plan)) {
			end("the nodes are level");
		}
		else if (this.drain) {
			end("a node drains");
		}
		else if (this.time.nanoTime() - this.busyAt > QUIET.toNanos()) {
			end("no more agents can be moved");
			this.restsSince = this.time.nanoTime();
			logger.warn("The nodes are not level. They have {}", plan);
		}
	}

	private void end(String why) {
		logger.info("The rebalance has ended: {}", why);
		this.run = null;
	}

	/**
	 * Takes part in a rebalance that another node or an operator has begun.
	 * @return false if a node drains; then there is no rebalance
	 */
	synchronized boolean join(Run other) {
		Run current = this.run;
		if (this.drain) {
			return false;
		}
		if (current == null) {
			begin(other);
		}
		else {
			this.run = current.with(other);
			this.busyAt = this.time.nanoTime();
		}
		return true;
	}

	/** Records that agents were asked to move. */
	synchronized void busy() {
		this.busyAt = this.time.nanoTime();
	}

	/** Whether a rebalance goes on. */
	synchronized boolean isGoingOn() {
		return this.run != null;
	}

}

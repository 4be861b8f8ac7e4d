package dev.switchboard.rebalance;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The connections whose agents were asked to move and have not moved yet. An agent that
 * does not move in time is not counted any more: it ignores the request. Not thread-safe.
 *
 * @param <C> the type of the connections
 */
final class AskedAgents<C> {

	/** How long an agent may take to move to the node whose URL it has got. */
	static final Duration PATIENCE = Duration.ofSeconds(30);

	/** How long it may take behind a load balancer, where it may try many nodes. */
	static final Duration LONG_PATIENCE = Duration.ofSeconds(90);

	/** Until when each agent is expected to move. */
	private final Map<C, Long> until = new HashMap<>();

	private final Predicate<C> isGone;

	private final Runnable ignored;

	/**
	 * @param isGone whether an agent has left its connection
	 * @param ignored is called for each agent that did not move in time
	 */
	AskedAgents(Predicate<C> isGone, Runnable ignored) {
		this.isGone = isGone;
		this.ignored = ignored;
	}

	void add(Collection<C> connections, long now, Duration patience) {
		connections.forEach((connection) -> this.until.put(connection, now + patience.toNanos()));
	}

	boolean contains(C connection) {
		return this.until.containsKey(connection);
	}

	/** Returns how many agents are still expected to move. */
	int waiting(long now) {
		this.until.keySet().removeIf(this.isGone);
		int all = this.until.size();
		this.until.values().removeIf((end) -> now - end > 0);
		for (int i = this.until.size(); i < all; i++) {
			this.ignored.run();
		}
		return this.until.size();
	}

}

package dev.switchboard.cluster.simulation;

import dev.switchboard.problem.Outcome;
import org.jspecify.annotations.Nullable;

/** A call that was made in a life, and what became of it. */
final class CallRecord {

	private final String name;

	private final String agent;

	private SimulatedNode node;

	private final @Nullable String key;

	private long begun;

	private long limit;

	private int received;

	private int cancels;

	private boolean left;

	private long leftAt;

	private boolean lost;

	private @Nullable Outcome outcome;

	/**
	 * @param name the call's own name, which is its payload
	 * @param agent the agent to which it is made
	 * @param node the node that the caller asks
	 * @param key the idempotency key; null if there is none
	 * @param begun when the call begins
	 * @param limit when it must have ended
	 */
	CallRecord(String name, String agent, SimulatedNode node, @Nullable String key, long begun, long limit) {
		this.name = name;
		this.agent = agent;
		this.node = node;
		this.key = key;
		this.begun = begun;
		this.limit = limit;
	}

	String name() {
		return this.name;
	}

	String agent() {
		return this.agent;
	}

	SimulatedNode node() {
		return this.node;
	}

	@Nullable String key() {
		return this.key;
	}

	long begun() {
		return this.begun;
	}

	long limit() {
		return this.limit;
	}

	/** Returns how the call ended; null if it has not. */
	@Nullable Outcome outcome() {
		return this.outcome;
	}

	void end(Outcome how) {
		this.outcome = how;
	}

	/** Begins the call again, with the same key. */
	void again(SimulatedNode other, long now, long latest) {
		this.node = other;
		this.begun = now;
		this.limit = latest;
		this.outcome = null;
		this.lost = false;
		this.left = false;
	}

	int received() {
		return this.received;
	}

	int receive() {
		return ++this.received;
	}

	int cancel() {
		return ++this.cancels;
	}

	/** Whether the caller has left before the end. */
	boolean hasLeft() {
		return this.left;
	}

	void leave(long now) {
		this.left = true;
		this.leftAt = now;
	}

	long leftAt() {
		return this.leftAt;
	}

	int cancels() {
		return this.cancels;
	}

	/** Whether the node ended before the call. */
	boolean isLost() {
		return this.lost;
	}

	void lose() {
		this.lost = true;
	}

	/** Whether the caller still waits. */
	boolean isWaiting() {
		return this.outcome == null && !this.left && !this.lost;
	}

	@Override
	public String toString() {
		return this.name + " to " + this.agent + " at " + this.node;
	}

}

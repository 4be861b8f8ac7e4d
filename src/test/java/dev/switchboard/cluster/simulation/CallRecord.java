package dev.switchboard.cluster.simulation;

import dev.switchboard.problem.Outcome;
import org.jspecify.annotations.Nullable;

/** A call that was made in a life, and what became of it. */
final class CallRecord {

	private final String name;

	private final String agent;

	private SimulatedNode node;

	private final @Nullable String key;

	/**
	 * The call with the same key that was made before this one; null if there is none.
	 */
	private final @Nullable CallRecord first;

	private final long firstBegun;

	private long begun;

	private long limit;

	/** How often an agent has received this call. */
	private int received;

	/** How often an agent has received this call or a second one with its key. */
	private int runs;

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
		this(name, agent, node, key, begun, limit, null);
	}

	private CallRecord(String name, String agent, SimulatedNode node, @Nullable String key, long begun, long limit,
			@Nullable CallRecord first) {
		this.name = name;
		this.agent = agent;
		this.node = node;
		this.key = key;
		this.begun = begun;
		this.limit = limit;
		this.first = first;
		this.firstBegun = begun;
	}

	/** Makes a second call with the same key, while this one may still run. */
	CallRecord second(SimulatedNode other, long now, long latest) {
		return new CallRecord(this.name, this.agent, other, this.key, now, latest, this);
	}

	/** Returns the first call with the key. */
	CallRecord first() {
		return (this.first != null) ? this.first : this;
	}

	boolean isSecond() {
		return this.first != null;
	}

	/** Returns when the call was made for the first time. */
	long firstBegun() {
		return this.firstBegun;
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

	/** Returns how often an agent has received a call with this key now. */
	int receive() {
		this.received++;
		return ++first().runs;
	}

	/** Returns how often an agent has received this call or another one with its key. */
	int runs() {
		return first().runs;
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
		return this.name + (isSecond() ? ", made again," : "") + " to " + this.agent + " at " + this.node;
	}

}

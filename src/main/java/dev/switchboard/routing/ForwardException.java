package dev.switchboard.routing;

/**
 * Why another node could not run a request, or why its fate is unknown. It has no stack
 * trace: it is a result and not a fault.
 */
public final class ForwardException extends RuntimeException {

	private final transient Reason reason;

	private final long epoch;

	private ForwardException(Reason reason, long epoch) {
		super(reason.name(), null, false, false);
		this.reason = reason;
		this.epoch = epoch;
	}

	/** {@link Reason#UNSENT} or {@link Reason#LOST}. */
	public ForwardException(Reason reason) {
		this(reason, 0);
	}

	/**
	 * The node does not hold the agent.
	 * @param epoch the epoch of the agent's connection that is closing there; 0 if there
	 * is none
	 */
	public static ForwardException notHere(long epoch) {
		return new ForwardException(Reason.NOT_HERE, epoch);
	}

	public Reason reason() {
		return this.reason;
	}

	/** The epoch of the agent's connection that is closing on that node; or 0. */
	public long epoch() {
		return this.epoch;
	}

	/** The kinds of failure. */
	public enum Reason {

		/** The node does not hold the agent. */
		NOT_HERE,
		/** The request certainly did not reach the node. */
		UNSENT,
		/**
		 * The request was sent, and the node or the way to it failed before the answer.
		 */
		LOST

	}

}

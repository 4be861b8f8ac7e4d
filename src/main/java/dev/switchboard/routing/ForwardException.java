package dev.switchboard.routing;

/**
 * The failure of a request to another node. It has no stack trace, because it is a normal
 * result and not a defect.
 */
public final class ForwardException extends RuntimeException {

	private final transient Reason reason;

	private final long epoch;

	private ForwardException(Reason reason, long epoch) {
		super(reason.name(), null, false, false);
		this.reason = reason;
		this.epoch = epoch;
	}

	/**
	 * Makes a failure.
	 * @param reason {@link Reason#UNSENT} or {@link Reason#LOST}
	 */
	public ForwardException(Reason reason) {
		this(reason, 0);
	}

	/**
	 * Makes the failure of a node that does not hold the agent.
	 * @param epoch the epoch of the agent's connection that is closing on that node; 0 if
	 * there is none
	 */
	public static ForwardException notHere(long epoch) {
		return new ForwardException(Reason.NOT_HERE, epoch);
	}

	public Reason reason() {
		return this.reason;
	}

	/**
	 * Returns the epoch of the agent's connection that is closing on that node; 0 if
	 * there is none.
	 */
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

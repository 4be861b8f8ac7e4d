package dev.switchboard.routing;

/**
 * Why something that was to be done on another node was not, or what became of it is not
 * known. Carries no stack trace: it is an outcome, not a fault.
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
	 * @param epoch the newest that it knows of the agent, and has seen the end of; 0 if
	 * it knows none
	 */
	public static ForwardException notHere(long epoch) {
		return new ForwardException(Reason.NOT_HERE, epoch);
	}

	public Reason reason() {
		return this.reason;
	}

	/** The newest epoch that the node knows of an agent that it does not hold; or 0. */
	public long epoch() {
		return this.epoch;
	}

	/** What happened. */
	public enum Reason {

		/** The node does not hold the agent. */
		NOT_HERE,
		/** It surely did not get to the node. */
		UNSENT,
		/** It was sent, and the node or the way to it went before it told more. */
		LOST

	}

}

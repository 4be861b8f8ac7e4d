package dev.switchboard.routing;

import java.time.Duration;

/**
 * The failure of a request to another node. It has no stack trace, because it is a normal
 * result and not a defect.
 */
public final class ForwardException extends RuntimeException {

	private final transient Reason reason;

	private final long epoch;

	private final Duration refuserUptime;

	private ForwardException(Reason reason, long epoch, Duration refuserUptime) {
		super(reason.name(), null, false, false);
		this.reason = reason;
		this.epoch = epoch;
		this.refuserUptime = refuserUptime;
	}

	/**
	 * Makes a failure.
	 * @param reason {@link Reason#UNSENT} or {@link Reason#LOST}
	 */
	public ForwardException(Reason reason) {
		this(reason, 0, Duration.ZERO);
	}

	/**
	 * Makes the failure of a request to a node that does not hold the agent.
	 * @param epoch the epoch of the agent's connection that is closing on that node; 0 if
	 * there is none
	 */
	public static ForwardException notHere(long epoch) {
		return new ForwardException(Reason.NOT_HERE, epoch, Duration.ZERO);
	}

	/**
	 * Returns the exception for a node that does not accept this node's secret.
	 * @param uptime for how long the node has run, as that node reports it
	 */
	public static ForwardException refused(Duration uptime) {
		return new ForwardException(Reason.REFUSED, 0, uptime);
	}

	public Reason reason() {
		return this.reason;
	}

	/**
	 * Returns the epoch of the agent's connection that is closing on the node that was
	 * asked; 0 if there is none.
	 */
	public long epoch() {
		return this.epoch;
	}

	/**
	 * Returns how long the other node had run when it refused this node's secret; zero if
	 * it did not refuse the secret.
	 */
	public Duration refuserUptime() {
		return this.refuserUptime;
	}

	/** The kinds of failure. */
	public enum Reason {

		/** The node does not hold the agent. */
		NOT_HERE,
		/** The request certainly did not reach the node. */
		UNSENT,
		/** The node does not accept this node's secret; nothing was run. */
		REFUSED,
		/**
		 * The node cannot read the request, as one of an older version cannot read
		 * requests of a newer kind. Nothing was run.
		 */
		NOT_UNDERSTOOD,
		/**
		 * The request was sent, and the node or the way to it failed before the answer.
		 */
		LOST

	}

}

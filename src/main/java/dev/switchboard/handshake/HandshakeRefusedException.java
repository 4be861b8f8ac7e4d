package dev.switchboard.handshake;

import dev.switchboard.problem.Problem;

/** A handshake that is answered with a problem instead of an upgrade. */
public final class HandshakeRefusedException extends RuntimeException {

	/** Over how long those come back that were refused for something short. */
	private static final double SPREAD_SECONDS = 30;

	private final transient Problem problem;

	private final String detail;

	private final int retryAfterSeconds;

	/**
	 * Refuses.
	 * @param detail fit for the peer
	 */
	public HandshakeRefusedException(Problem problem, String detail) {
		this(problem, detail, TokenBucket.retryAfterSeconds(SPREAD_SECONDS));
	}

	/**
	 * Refuses, and tells when to come back if the problem says that one may.
	 */
	HandshakeRefusedException(Problem problem, String detail, int retryAfterSeconds) {
		super(detail, null, false, false);
		this.problem = problem;
		this.detail = detail;
		this.retryAfterSeconds = retryAfterSeconds;
	}

	public Problem problem() {
		return this.problem;
	}

	int retryAfterSeconds() {
		return this.retryAfterSeconds;
	}

	public String detail() {
		return this.detail;
	}

}

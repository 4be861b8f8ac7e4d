package dev.switchboard.connection;

import dev.switchboard.protocol.Problem;

/** A handshake that is answered with a problem instead of an upgrade. */
public final class HandshakeRefusedException extends RuntimeException {

	private final transient Problem problem;

	private final String detail;

	/**
	 * Refuses.
	 * @param detail fit for the peer
	 */
	public HandshakeRefusedException(Problem problem, String detail) {
		super(detail, null, false, false);
		this.problem = problem;
		this.detail = detail;
	}

	public Problem problem() {
		return this.problem;
	}

	public String detail() {
		return this.detail;
	}

}

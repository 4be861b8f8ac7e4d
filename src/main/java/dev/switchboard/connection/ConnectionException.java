package dev.switchboard.connection;

/**
 * Why a connection could not get a call answered or a push written. Carries no stack
 * trace: it is an outcome, not a fault.
 */
public final class ConnectionException extends RuntimeException {

	private final transient Reason reason;

	public ConnectionException(Reason reason) {
		super(reason.name(), null, false, false);
		this.reason = reason;
	}

	public Reason reason() {
		return this.reason;
	}

	/** What happened; {@link #sent} tells whether the agent may have seen the message. */
	public enum Reason {

		/** The connection ended before any byte was written. */
		GONE(false),
		/** The connection ended after bytes were written. */
		DISCONNECTED(true),
		/** As many calls as the agent may have are in flight. */
		TOO_MANY_IN_FLIGHT(false),
		/** The message would be over the frame limit. */
		PAYLOAD_TOO_LARGE(false),
		/** The agent reads too slowly for another message. */
		TOO_SLOW(false),
		/** The agent's answer broke a limit. */
		RESULT_TOO_LARGE(true),
		/** The caller reads too slowly for the parts of the answer. */
		CALLER_TOO_SLOW(true),
		/** The deadline passed before any byte was written. */
		DEADLINE_UNSENT(false),
		/** The deadline passed while the agent had the call. */
		DEADLINE(true);

		private final boolean sent;

		Reason(boolean sent) {
			this.sent = sent;
		}

		/** Whether the agent may have seen the message. */
		public boolean sent() {
			return this.sent;
		}

	}

}

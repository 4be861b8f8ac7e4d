package dev.switchboard.connection;

import org.jspecify.annotations.Nullable;

/**
 * A connection did not get a call answered, or did not get a push written. The exception
 * has no stack trace, since it is an outcome and not a fault.
 */
public final class ConnectionException extends RuntimeException {

	private final transient Reason reason;

	private final @Nullable String detail;

	public ConnectionException(Reason reason) {
		this(reason, null);
	}

	/**
	 * @param detail what happened exactly, for the caller: printable ASCII, without
	 * quotations from a peer; null if the reason says everything
	 */
	public ConnectionException(Reason reason, @Nullable String detail) {
		super(reason.name(), null, false, false);
		this.reason = reason;
		this.detail = detail;
	}

	public Reason reason() {
		return this.reason;
	}

	/** Returns what happened exactly; null if the reason says everything. */
	public @Nullable String detail() {
		return this.detail;
	}

	/**
	 * Why a call or a push failed. {@link #sent} says whether the agent may have seen it.
	 */
	public enum Reason {

		/**
		 * The connection takes nothing new: it is closing, or a newer one has taken the
		 * agent.
		 */
		CLOSING(false),
		/** The connection ended before any byte was written. */
		GONE(false),
		/** The connection ended after bytes were written. */
		DISCONNECTED(true),
		/** The agent has as many calls in flight as it may have. */
		TOO_MANY_IN_FLIGHT(false),
		/** The message would be over the frame limit. */
		PAYLOAD_TOO_LARGE(false),
		/** The agent reads too slowly for another message. */
		TOO_SLOW(false),
		/** The node that holds the agent has more calls than it can take. */
		OVERLOADED(false),
		/** The agent's answer was over the frame limit. */
		RESULT_TOO_LARGE(true),
		/** The agent's answer broke the protocol. */
		BAD_ANSWER(true),
		/** The caller reads the chunks of the answer too slowly. */
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

package dev.switchboard.protocol;

import dev.switchboard.json.JsonException;

/**
 * Says that a message about a call breaks the protocol, and names this call. Only this
 * call ends; the connection and its other calls go on.
 */
public final class BadAnswerException extends JsonException {

	private final transient CallId call;

	private final boolean last;

	/**
	 * @param fault what is wrong, and where
	 * @param last whether the agent has nothing more to say about the call
	 */
	BadAnswerException(CallId call, String fault, boolean last) {
		super(fault);
		this.call = call;
		this.last = last;
	}

	/**
	 * Returns the call; {@link CallId#NONE} if the message's id cannot be that of a
	 * waiting call.
	 */
	public CallId call() {
		return this.call;
	}

	/**
	 * Whether the message was the call's answer, and not a chunk or an {@code accept}.
	 */
	public boolean isLast() {
		return this.last;
	}

}

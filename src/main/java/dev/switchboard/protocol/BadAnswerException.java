package dev.switchboard.protocol;

import dev.switchboard.json.JsonException;

/**
 * A message about a call breaks the protocol, and names its call. It costs that call, and
 * nothing else of its connection.
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

	/** The call; {@link CallId#NONE} if the message names none that could wait. */
	public CallId call() {
		return this.call;
	}

	/** Whether it was the call's answer, rather than a sign that the call goes on. */
	public boolean isLast() {
		return this.last;
	}

}

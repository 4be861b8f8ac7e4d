package dev.switchboard.agent;

import dev.switchboard.json.Payload;

import org.jspecify.annotations.Nullable;

/**
 * The agent's own refusal of a call. Its caller gets the code, the message and the
 * payload.
 */
public final class CallRejectedException extends Exception {

	private final String code;

	private final String text;

	private final transient @Nullable Payload payload;

	/**
	 * @param code what a program tells refusals apart by
	 * @param message what a person reads
	 */
	public CallRejectedException(String code, String message) {
		this(code, message, null);
	}

	/**
	 * @param code what a program tells refusals apart by
	 * @param message what a person reads
	 * @param payload more about the refusal, or null
	 */
	public CallRejectedException(String code, String message, @Nullable Payload payload) {
		super(code + ": " + message);
		this.code = code;
		this.text = message;
		this.payload = payload;
	}

	public String code() {
		return this.code;
	}

	/** The message as the caller gets it. */
	public String text() {
		return this.text;
	}

	public @Nullable Payload payload() {
		return this.payload;
	}

}

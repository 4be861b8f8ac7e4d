package dev.switchboard.agent;

import dev.switchboard.json.Payload;

import org.jspecify.annotations.Nullable;

/** Refuses a call. The caller gets the code, the message and the payload. */
public final class CallRejectedException extends Exception {

	private final String code;

	private final String text;

	private final transient @Nullable Payload payload;

	/**
	 * @param code identifies the refusal for programs
	 * @param message describes it for people
	 */
	public CallRejectedException(String code, String message) {
		this(code, message, null);
	}

	/**
	 * @param code identifies the refusal for programs
	 * @param message describes it for people
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

	/** Returns the message as the caller gets it. */
	public String text() {
		return this.text;
	}

	public @Nullable Payload payload() {
		return this.payload;
	}

}

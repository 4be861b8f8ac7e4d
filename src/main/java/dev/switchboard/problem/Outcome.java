package dev.switchboard.problem;

import java.util.Locale;

/** The state of a call as far as the gateway knows it. */
public enum Outcome {

	/** The call runs or waits to run. */
	PENDING,
	/** The agent did the work and answered. */
	COMPLETED,
	/** The agent answered with an error of its own. */
	REJECTED,
	/** The call never reached the agent; it is safe to try again. */
	NOT_SENT,
	/** The call was sent and may have run. */
	UNKNOWN,
	/** The caller or an operator cancelled the call. */
	CANCELLED;

	private final String text = name().toLowerCase(Locale.ROOT);

	/** Returns the outcome's name in the API. */
	public String text() {
		return this.text;
	}

	/**
	 * Returns the outcome that has this name in the API.
	 * @throws IllegalArgumentException if no outcome has this name
	 */
	public static Outcome of(String text) {
		return valueOf(text.toUpperCase(Locale.ROOT));
	}

}

package dev.switchboard.problem;

import java.util.Locale;

/** What is known of a call. */
public enum Outcome {

	/** It runs, or waits to. */
	PENDING,
	/** The agent did it. */
	COMPLETED,
	/** The agent refused it or failed at it, in its own words. */
	REJECTED,
	/** It surely never reached the agent: safe to try again. */
	NOT_SENT,
	/** It may have run. */
	UNKNOWN,
	/** Its caller or an operator cancelled it. */
	CANCELLED;

	private final String text = name().toLowerCase(Locale.ROOT);

	/** As the API writes it. */
	public String text() {
		return this.text;
	}

	/** The outcome that the API writes so. */
	public static Outcome of(String text) {
		return valueOf(text.toUpperCase(Locale.ROOT));
	}

}

package dev.switchboard.forwarding;

import java.util.Locale;

/** What one node asks of another. */
enum RequestKind {

	/** Call an agent. */
	CALL,
	/** Push a message to an agent. */
	PUSH,
	/** Close an agent's connection. */
	DISCONNECT,
	/** Close connections that newer ones have superseded. */
	SUPERSEDE,
	/** Wait for the end of a recorded call. */
	OUTCOME,
	/** Cancel a recorded call. */
	CANCEL;

	private final String tag = name().toLowerCase(Locale.ROOT);

	/** As meters are tagged. */
	String tag() {
		return this.tag;
	}

}

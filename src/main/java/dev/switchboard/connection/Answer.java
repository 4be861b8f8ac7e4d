package dev.switchboard.connection;

import dev.switchboard.json.Payload;
import org.jspecify.annotations.Nullable;

/** The answer with which an agent ends a call. Immutable. */
public sealed interface Answer {

	/** The agent handled the call. */
	record Completed(Payload payload) implements Answer {
	}

	/** The agent's own refusal or failure. */
	record Rejected(String code, String message, @Nullable Payload payload) implements Answer {
	}

}

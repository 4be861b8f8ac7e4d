package dev.switchboard.connection;

import dev.switchboard.json.Payload;
import org.jspecify.annotations.Nullable;

/** How an agent ended a call by itself. */
public sealed interface Answer {

	/** It did what was asked. */
	record Completed(Payload payload) implements Answer {
	}

	/** It refused or failed, in its own words. */
	record Rejected(String code, String message, @Nullable Payload payload) implements Answer {
	}

}

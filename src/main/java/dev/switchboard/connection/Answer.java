package dev.switchboard.connection;

import dev.switchboard.json.Payload;
import org.jspecify.annotations.Nullable;

/** The answer with which an agent ends a call. Immutable. */
public sealed interface Answer {

	/** Returns the number of bytes of the payload. */
	int bytes();

	/** The agent handled the call. */
	record Completed(Payload payload) implements Answer {

		@Override
		public int bytes() {
			return this.payload.length();
		}

	}

	/** The agent's own refusal or failure. */
	record Rejected(String code, String message, @Nullable Payload payload) implements Answer {

		@Override
		public int bytes() {
			return (this.payload != null) ? this.payload.length() : 0;
		}

	}

}

package dev.switchboard.forwarding;

import java.time.Duration;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * A request to another node.
 *
 * @param kind what is asked
 * @param agent whom it is about, if it is about one
 * @param timeToLive within which the answer must be there
 * @param body writes the message
 * @param reader makes the answer of messages
 * @param <T> the answer
 */
record Outgoing<T>(RequestKind kind, @Nullable AgentId agent, Duration timeToLive, Body body, Reader<T> reader) {

	/** Writes a request's message when it is about to be sent. */
	@FunctionalInterface
	interface Body {

		/** No message. */
		Body EMPTY = (_) -> new byte[0];

		/**
		 * Writes it.
		 * @param remainingMillis what is left of the time to live
		 */
		byte[] encode(long remainingMillis);

	}

	/** Makes an answer of messages, on an event loop. */
	@FunctionalInterface
	interface Reader<T> {

		/**
		 * Takes the next message.
		 * @return the answer, or null if this was not the last message
		 * @throws RuntimeException to end the request with
		 */
		@Nullable T read(byte[] message);

	}

}

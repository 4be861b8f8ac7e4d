package dev.switchboard.forwarding;

import java.time.Duration;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * A request to another node. Immutable.
 *
 * @param kind the name of the request's kind, which nodes and metrics use
 * @param agent the agent that the request is about; null if it is about none
 * @param timeToLive the time within which the answer must arrive
 * @param body writes the body
 * @param reader reads the answer
 * @param <T> the answer
 */
record PeerRequest<T>(String kind, @Nullable AgentId agent, Duration timeToLive, Body body, Reader<T> reader) {

	/** Writes a request's body when it is about to be sent. */
	@FunctionalInterface
	interface Body {

		/**
		 * Writes the body.
		 * @param left the rest of the time to live
		 */
		byte[] encode(Duration left);

		/**
		 * Whether more messages follow in the body. Such a body is a stream of messages:
		 * see {@link BodyStream}.
		 */
		default boolean isOpen() {
			return false;
		}

		/** Called when the request has been sent, if its body is open. */
		default void opened(BodyStream body) {
		}

		/**
		 * Called when the other node takes no more requests. It serves this one to its
		 * end.
		 */
		default void leaving() {
		}

	}

	/** Reads the messages of an answer, on an event loop. */
	@FunctionalInterface
	interface Reader<T> {

		/**
		 * Reads the next message.
		 * @return the answer; null if more messages follow
		 * @throws dev.switchboard.connection.ConnectionException to fail the request with
		 * this failure
		 * @throws dev.switchboard.json.JsonException if the message cannot be read
		 */
		@Nullable T read(byte[] message);

	}

}

package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.function.Predicate;

import dev.switchboard.json.JsonException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.routing.Verb;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads one type of verb and its results, for the way to another node and
 * back. Stateless.
 *
 * @param <V> the type of verb
 * @param <T> the verb's result
 */
interface VerbCodec<V extends Verb<T>, T> {

	/**
	 * Returns the name of this type of verb, in lower-case ASCII letters. Metrics use the
	 * name, and so do the requests between nodes.
	 */
	String kind();

	/**
	 * Writes the verb as the body of a request. The agent and the time to live are in the
	 * request's headers, and need not be in the body.
	 */
	byte[] encode(V verb);

	/**
	 * Reads a verb that another node wrote.
	 * @param parts sends a part of a streamed result back; gives false if there is no
	 * room for it
	 * @throws IllegalArgumentException or {@link JsonException} if the body is not a verb
	 * of this type
	 */
	V decode(AgentId agent, Duration timeToLive, byte[] body, Predicate<byte[]> parts);

	/** Whether the verb has a result. A verb without one only succeeds or fails. */
	default boolean hasResult() {
		return false;
	}

	/** Writes the verb's result. */
	default byte[] encodeResult(V verb, T result) {
		throw new IllegalStateException(kind() + " has no result");
	}

	/**
	 * Reads a message of the verb's result.
	 * @return the result; null if the message is a part of a streamed result; the method
	 * has then given the part to the verb
	 * @throws JsonException if the message is neither a result nor a part of one
	 * @throws dev.switchboard.connection.ConnectionException if the verb is to fail
	 */
	default @Nullable T decodeResult(V verb, byte[] message) {
		return null;
	}

}

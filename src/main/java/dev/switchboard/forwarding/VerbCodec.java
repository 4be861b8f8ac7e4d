package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.function.Predicate;

import dev.switchboard.json.JsonException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.routing.Verb;
import org.jspecify.annotations.Nullable;

/**
 * How one type of verb travels to another node, and its result back. Stateless.
 *
 * @param <V> the type of verb
 * @param <T> the verb's result
 */
interface VerbCodec<V extends Verb<T>, T> {

	/** The verb's name between nodes and in metrics, in lower-case ASCII letters. */
	String kind();

	/**
	 * Writes the verb, all but its agent and its time to live, which travel beside it.
	 */
	byte[] encode(V verb);

	/**
	 * Reads a verb that another node wrote.
	 * @param parts sends a part of a streamed result back; false if there is no room
	 * @throws IllegalArgumentException or {@link JsonException} if it is not such a verb
	 */
	V decode(AgentId agent, Duration timeToLive, byte[] body, Predicate<byte[]> parts);

	/** Whether the verb has a result, rather than only succeed or fail. */
	default boolean hasResult() {
		return false;
	}

	/** Writes the verb's result. */
	default byte[] encodeResult(V verb, T result) {
		throw new IllegalStateException(kind() + " has no result");
	}

	/**
	 * Reads a message of the verb's result.
	 * @return the result; null if the message is a part of the result, which this method
	 * has passed on
	 * @throws JsonException if the message is neither
	 * @throws dev.switchboard.connection.ConnectionException to end the verb
	 */
	default @Nullable T decodeResult(V verb, byte[] message) {
		return null;
	}

}

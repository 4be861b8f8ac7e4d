package dev.switchboard.forwarding;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;

import dev.switchboard.connection.ConnectionException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.routing.Verb;

/**
 * Writes and reads the messages of a request that carries many verbs. The first byte of a
 * message is its type. The requester gives each verb a number, which the answers carry.
 */
final class VerbMessages {

	/** The kind of the requests that carry many verbs. */
	static final String KIND = "verbs";

	/** To the node: what the verbs that follow have in common. */
	static final byte COMMON = 1;

	/** To the node: run the verb for an agent. */
	static final byte BEGIN = 2;

	/** To the node: nobody waits for a verb any more. */
	static final byte CANCEL = 3;

	/** From the node: the result of a verb. */
	static final byte RESULT = 1;

	/** From the node: a verb without a result has succeeded. */
	static final byte DONE = 2;

	/** From the node: it does not hold the agent. */
	static final byte NOT_HERE = 3;

	/** From the node: the verb has failed. */
	static final byte FAILED = 4;

	/** From the node: it has not run the verb, and will not. */
	static final byte REFUSED = 5;

	private VerbMessages() {
	}

	static <V extends Verb<T>, T> byte[] common(BulkCodec<V, T> codec, V verb) {
		byte[] kind = codec.kind().getBytes(StandardCharsets.US_ASCII);
		byte[] body = codec.encode(verb);
		return ByteBuffer.allocate(2 + kind.length + body.length)
			.put(COMMON)
			.put((byte) kind.length)
			.put(kind)
			.put(body)
			.array();
	}

	static byte[] begin(int number, Duration timeToLive, CallId id, AgentId agent) {
		byte[] name = agent.toString().getBytes(StandardCharsets.US_ASCII);
		return ByteBuffer.allocate(1 + Integer.BYTES + 3 * Long.BYTES + name.length)
			.put(BEGIN)
			.putInt(number)
			.putLong(Math.max(1, timeToLive.toMillis()))
			.putLong(id.value().getMostSignificantBits())
			.putLong(id.value().getLeastSignificantBits())
			.put(name)
			.array();
	}

	static byte[] cancel(int number) {
		return head(CANCEL, number, 0).array();
	}

	static byte[] result(int number, byte[] result) {
		return head(RESULT, number, result.length).put(result).array();
	}

	static byte[] done(int number) {
		return head(DONE, number, 0).array();
	}

	static byte[] notHere(int number, long epoch) {
		return head(NOT_HERE, number, Long.BYTES).putLong(epoch).array();
	}

	static byte[] refused(int number) {
		return head(REFUSED, number, 0).array();
	}

	static byte[] failed(int number, Throwable failure) {
		boolean known = failure instanceof ConnectionException;
		String name = (failure instanceof ConnectionException ended) ? ended.reason().name().toLowerCase(Locale.ROOT)
				: "unknown";
		String detail = (known && ((ConnectionException) failure).detail() != null)
				? ((ConnectionException) failure).detail() : "";
		byte[] text = (name + " " + detail).getBytes(StandardCharsets.UTF_8);
		return head(FAILED, number, text.length).put(text).array();
	}

	private static ByteBuffer head(byte type, int number, int more) {
		return ByteBuffer.allocate(1 + Integer.BYTES + more).put(type).putInt(number);
	}

	/** Reads the failure of a verb from what follows its number. */
	static RuntimeException failure(ByteBuffer message) {
		String text = StandardCharsets.UTF_8.decode(message).toString();
		int space = text.indexOf(' ');
		String detail = text.substring(space + 1);
		return PendingRequest.failure(text.substring(0, Math.max(0, space)), detail.isEmpty() ? null : detail);
	}

	/** Reads an id from a message. */
	static CallId id(ByteBuffer message) {
		return new CallId(new UUID(message.getLong(), message.getLong()));
	}

	/** Reads the rest of a message as an agent. */
	static AgentId agent(ByteBuffer message) {
		return AgentId.parse(StandardCharsets.US_ASCII.decode(message).toString());
	}

	/** Reads the rest of a message. */
	static byte[] rest(ByteBuffer message) {
		byte[] rest = new byte[message.remaining()];
		message.get(rest);
		return rest;
	}

}

package dev.switchboard.simulator.bench;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What a NATS server sends to a client (NATS's client protocol): a line, or a message.
 */
sealed interface NatsOperation {

	int MAX_BYTES = 1 << 20;

	/** A line without a meaning of its own here: {@code INFO ...} or {@code +OK}. */
	record Notice(String line) implements NatsOperation {

	}

	/** {@code -ERR}, after most of which the server closes. */
	record Failure(String line) implements NatsOperation {

	}

	/** A question whether the client is there. */
	record Ping() implements NatsOperation {

	}

	/** The server has dealt with all that was sent before the client's own ping. */
	record Pong() implements NatsOperation {

	}

	/**
	 * A message for one of the client's subscriptions.
	 *
	 * @param subject what it was published to
	 * @param replyTo where an answer is expected, if one is
	 * @param payload its own
	 */
	@SuppressWarnings("ArrayRecordComponent") // Never compared.
	record Message(String subject, @Nullable String replyTo, byte[] payload) implements NatsOperation {

		String text() {
			return new String(this.payload, StandardCharsets.ISO_8859_1);
		}

	}

	/**
	 * Takes an operation off the buffer, or null, and nothing, while it is not whole.
	 * @throws IllegalStateException if this is none
	 */
	static @Nullable NatsOperation read(ByteBuf in) {
		int start = in.readerIndex();
		int length = in.bytesBefore((byte) '\n') + 1;
		if (length == 0) {
			require(in.readableBytes() < MAX_BYTES, "line too long");
			return null;
		}
		String line = in.toString(start, length, StandardCharsets.ISO_8859_1).strip();
		if (line.startsWith("MSG ")) {
			return readMessage(in, length, line.split(" ", -1));
		}
		in.skipBytes(length);
		return switch (line) {
			case "PING" -> new Ping();
			case "PONG" -> new Pong();
			default -> {
				require(line.startsWith("INFO ") || line.startsWith("-ERR") || line.equals("+OK"), line);
				yield line.startsWith("-ERR") ? new Failure(line) : new Notice(line);
			}
		};
	}

	// MSG subject subscription [reply-to] bytes
	private static @Nullable Message readMessage(ByteBuf in, int length, String[] words) {
		require(words.length == 4 || words.length == 5, "bad MSG");
		int size = Integer.parseInt(words[words.length - 1]);
		require(size >= 0 && size <= MAX_BYTES, "message too big");
		if (in.readableBytes() < length + size + 2) {
			return null;
		}
		byte[] payload = new byte[size];
		in.skipBytes(length).readBytes(payload);
		require(in.readShort() == 0x0D0A, "message of another size");
		return new Message(words[1], (words.length == 5) ? words[3] : null, payload);
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalStateException(message);
		}
	}

}

package dev.switchboard.transport;

import java.time.Duration;
import java.util.Objects;

import io.netty.buffer.Unpooled;

import org.springframework.web.reactive.socket.WebSocketMessage;

/** Makes messages as the transport delivers them: reads them from a client's frames. */
public final class InboundMessages {

	private static final int MAX_BYTES = 1000;

	private InboundMessages() {
	}

	/**
	 * Returns a text message, or the head of the message if it has more than 1,000 bytes.
	 */
	public static WebSocketMessage text(String text) {
		return read(ClientFrames.text(text));
	}

	public static WebSocketMessage binary(byte... bytes) {
		return read(ClientFrames.frame(Opcode.BINARY, bytes));
	}

	private static WebSocketMessage read(byte[] frame) {
		FrameReader reader = new FrameReader(
				new MessageBounds(MAX_BYTES, Integer.MAX_VALUE, 1, Duration.ofDays(1), 4503));
		return Objects.requireNonNull(reader.next(Unpooled.wrappedBuffer(frame), 0)).toWebSocketMessage();
	}

}

package dev.switchboard.transport;

import org.springframework.web.reactive.socket.WebSocketMessage;

/** Frame opcodes (RFC 6455 section 5.2). */
final class Opcode {

	static final int CONTINUATION = 0x0;

	static final int TEXT = 0x1;

	static final int BINARY = 0x2;

	static final int CLOSE = 0x8;

	static final int PING = 0x9;

	static final int PONG = 0xA;

	private Opcode() {
	}

	/**
	 * Whether the opcode is that of a control frame: its top bit is set (section 5.5).
	 */
	static boolean isControl(int opcode) {
		return (opcode & 0x8) != 0;
	}

	/** Whether RFC 6455 defines the opcode. It reserves all others. */
	static boolean isDefined(int opcode) {
		return opcode <= BINARY || (opcode >= CLOSE && opcode <= PONG);
	}

	static int of(WebSocketMessage.Type type) {
		return switch (type) {
			case TEXT -> TEXT;
			case BINARY -> BINARY;
			case PING -> PING;
			case PONG -> PONG;
		};
	}

	static WebSocketMessage.Type typeOf(int opcode) {
		return switch (opcode) {
			case TEXT -> WebSocketMessage.Type.TEXT;
			case BINARY -> WebSocketMessage.Type.BINARY;
			case PING -> WebSocketMessage.Type.PING;
			case PONG -> WebSocketMessage.Type.PONG;
			default -> throw new IllegalArgumentException("No message has opcode " + opcode);
		};
	}

}

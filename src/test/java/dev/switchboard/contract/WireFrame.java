package dev.switchboard.contract;

import java.nio.charset.StandardCharsets;

/**
 * A WebSocket frame as the server sent it.
 *
 * @param head the first byte: FIN, reserved bits and opcode
 * @param payload the unmasked bytes
 */
@SuppressWarnings("ArrayRecordComponent")
record WireFrame(int head, byte[] payload) {

	static final int FIN_TEXT = 0x81;

	static final int FIN_BINARY = 0x82;

	static final int FIN_CLOSE = 0x88;

	static final int FIN_PING = 0x89;

	static final int FIN_PONG = 0x8A;

	/** RFC 6455, 7.1.5: the code that a client reports when no close frame came. */
	static final int NO_CLOSE_FRAME = 1006;

	String text() {
		return new String(this.payload, StandardCharsets.UTF_8);
	}

	/** Returns the text of a close frame. */
	String closeReason() {
		int code = Math.min(2, this.payload.length);
		return new String(this.payload, code, this.payload.length - code, StandardCharsets.UTF_8);
	}

	int closeCode() {
		return (this.payload.length < 2) ? 1005 : ((this.payload[0] & 0xFF) << 8) | (this.payload[1] & 0xFF);
	}

}

package dev.switchboard.transport;

import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * A whole message, a control frame, or the head of a text message that is too long, as
 * {@link FrameReader} read it.
 *
 * @param opcode one of {@link Opcode}, never a continuation
 * @param payload exactly the payload's bytes, unmasked; well-formed UTF-8 in a text
 * message
 * @param isHead whether these are only the first bytes of a message, and may end within a
 * character
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RawMessage(int opcode, byte[] payload, boolean isHead) {

	/** The largest number of bytes that are kept of a message that is too long. */
	static final int MAX_HEAD = 256;

	RawMessage(int opcode, byte[] payload) {
		this(opcode, payload, false);
	}

	static RawMessage head(byte[] bytes) {
		return new RawMessage(Opcode.TEXT, bytes, true);
	}

	/** Returns the message in the form of Spring's SPI. The array is not copied. */
	WebSocketMessage toWebSocketMessage() {
		if (this.isHead) {
			return new OverlongText(this.payload);
		}
		return (this.opcode == Opcode.TEXT) ? new InboundText(this.payload)
				: new WebSocketMessage(Opcode.typeOf(this.opcode), SessionFacade.BUFFERS.wrap(this.payload));
	}

}

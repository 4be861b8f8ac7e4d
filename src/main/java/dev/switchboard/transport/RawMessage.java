package dev.switchboard.transport;

import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * A whole message or a control frame, as {@link FrameReader} read it.
 *
 * @param opcode one of {@link Opcode}, never a continuation
 * @param payload exactly the payload's bytes, unmasked; well-formed UTF-8 in a text
 * message
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RawMessage(int opcode, byte[] payload) {

	/** Returns the message in the form of Spring's SPI. The array is not copied. */
	WebSocketMessage toWebSocketMessage() {
		return (this.opcode == Opcode.TEXT) ? new InboundText(this.payload)
				: new WebSocketMessage(Opcode.typeOf(this.opcode), SessionFacade.BUFFERS.wrap(this.payload));
	}

}

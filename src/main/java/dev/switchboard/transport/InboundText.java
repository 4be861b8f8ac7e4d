package dev.switchboard.transport;

import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * A text message from the peer. Only the transport creates one, and only after its
 * {@link FrameReader} has found the bytes to be well-formed UTF-8, so a receiver need not
 * check them again.
 */
public final class InboundText extends WebSocketMessage {

	private final byte[] utf8;

	InboundText(byte[] utf8) {
		super(Type.TEXT, SessionFacade.BUFFERS.wrap(utf8));
		this.utf8 = utf8;
	}

	/**
	 * Returns the whole text as the array that the transport read it into. The array is
	 * not copied, and nothing else uses it.
	 */
	public byte[] utf8() {
		return this.utf8;
	}

}

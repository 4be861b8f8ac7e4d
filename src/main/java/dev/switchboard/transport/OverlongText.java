package dev.switchboard.transport;

import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * The beginning of a peer's text message that is over the limit. The transport discards
 * the rest of the message as it comes, and the session goes on with the next message.
 * Only the transport creates one, and only where {@link MessageBounds#maxSkipped} is not
 * 0.
 */
public final class OverlongText extends WebSocketMessage {

	private final byte[] head;

	OverlongText(byte[] head) {
		super(Type.TEXT, SessionFacade.BUFFERS.wrap(head));
		this.head = head;
	}

	/** Returns the first bytes, at most 256. They may end within a character. */
	public byte[] head() {
		return this.head;
	}

}

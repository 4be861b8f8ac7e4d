package dev.switchboard.transport;

import org.springframework.web.reactive.socket.CloseStatus;

/**
 * The peer broke RFC 6455 or exceeded a bound on messages. The session closes with the
 * status of this exception.
 */
public final class FrameViolationException extends RuntimeException {

	private final CloseStatus status;

	FrameViolationException(CloseStatus status, String reason) {
		// No stack trace: a peer can cause any number of these.
		super(reason, null, false, false);
		this.status = status.withReason(reason);
	}

	/**
	 * Returns the status, with a reason: 1002, 1007, 1009 or
	 * {@link MessageBounds#breach}.
	 */
	public CloseStatus status() {
		return this.status;
	}

	/** Returns what was wrong: the reason of the status. */
	public String fault() {
		return String.valueOf(getMessage());
	}

	static FrameViolationException protocolError(String reason) {
		return new FrameViolationException(CloseStatus.PROTOCOL_ERROR, reason);
	}

	static FrameViolationException badData(String reason) {
		return new FrameViolationException(CloseStatus.BAD_DATA, reason);
	}

}

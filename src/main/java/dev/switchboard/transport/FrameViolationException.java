package dev.switchboard.transport;

import org.springframework.web.reactive.socket.CloseStatus;

/**
 * The peer broke RFC 6455 or the limit on a message; the session is closing with the
 * status that says so.
 */
public final class FrameViolationException extends RuntimeException {

	/** Bytes of a message that was too big which {@link #prefix()} has at most. */
	public static final int MAX_PREFIX = 256;

	private static final byte[] NONE = {};

	private final CloseStatus status;

	private final byte[] prefix;

	FrameViolationException(CloseStatus status, String reason) {
		this(status, reason, NONE);
	}

	FrameViolationException(CloseStatus status, String reason, byte[] prefix) {
		// No stack trace: a peer causes it at will, and the place tells nothing.
		super(reason, null, false, false);
		this.status = status.withReason(reason);
		this.prefix = prefix;
	}

	/** 1002, 1007 or 1009, with a reason. */
	public CloseStatus status() {
		return this.status;
	}

	/**
	 * The first bytes, unmasked, of a message that was too big (1009), as far as they had
	 * arrived; else empty.
	 */
	public byte[] prefix() {
		return this.prefix.clone();
	}

	static FrameViolationException protocolError(String reason) {
		return new FrameViolationException(CloseStatus.PROTOCOL_ERROR, reason);
	}

	static FrameViolationException badData(String reason) {
		return new FrameViolationException(CloseStatus.BAD_DATA, reason);
	}

}

package dev.switchboard.transport;

import org.springframework.web.reactive.socket.CloseStatus;

/**
 * The peer broke RFC 6455 or exceeded the limit on a message. The session closes with the
 * status of this exception.
 */
public final class FrameViolationException extends RuntimeException {

	/** The maximum length of {@link #prefix()}, in bytes. */
	public static final int MAX_PREFIX = 256;

	private static final byte[] NONE = {};

	private final CloseStatus status;

	private final byte[] prefix;

	FrameViolationException(CloseStatus status, String reason) {
		this(status, reason, NONE);
	}

	FrameViolationException(CloseStatus status, String reason, byte[] prefix) {
		// No stack trace: a peer can cause any number of these.
		super(reason, null, false, false);
		this.status = status.withReason(reason);
		this.prefix = prefix;
	}

	/** Returns the status 1002, 1007 or 1009, with a reason. */
	public CloseStatus status() {
		return this.status;
	}

	/**
	 * Returns the first bytes of a message that was too big (1009), unmasked, as far as
	 * they had arrived. The array is empty for other violations.
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

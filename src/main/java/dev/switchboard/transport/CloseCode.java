package dev.switchboard.transport;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import org.springframework.web.reactive.socket.CloseStatus;

import static dev.switchboard.transport.FrameViolationException.badData;
import static dev.switchboard.transport.FrameViolationException.protocolError;

/**
 * Reads and writes the body of a Close frame, which is empty or has a status code and a
 * reason (RFC 6455 section 5.5.1).
 */
final class CloseCode {

	private static final int MAX_REASON = 123;

	private static final byte[] EMPTY = {};

	private CloseCode() {
	}

	/**
	 * Reads a Close frame's body. An empty body gives 1005, "no status" (section 7.1.5).
	 * @throws FrameViolationException if the body is not allowed
	 */
	static CloseStatus read(byte[] payload) {
		if (payload.length == 0) {
			return CloseStatus.NO_STATUS_CODE;
		}
		if (payload.length == 1) {
			throw protocolError("Close frame with half a status code");
		}
		int code = ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
		if (!isAllowed(code)) {
			throw protocolError("Close frame with an invalid status code");
		}
		Utf8Validator utf8 = new Utf8Validator();
		if (!utf8.accept(payload, 2, payload.length) || !utf8.isComplete()) {
			throw badData("Close reason is not UTF-8");
		}
		return CloseStatus.create(code, new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8));
	}

	/**
	 * Writes a Close frame's body, which is empty for a code that must not be sent
	 * (section 7.4.1).
	 */
	static byte[] write(CloseStatus status) {
		if (!isAllowed(status.getCode())) {
			return EMPTY;
		}
		byte[] reason = reason(status.getReason());
		byte[] payload = new byte[2 + reason.length];
		payload[0] = (byte) (status.getCode() >> 8);
		payload[1] = (byte) status.getCode();
		System.arraycopy(reason, 0, payload, 2, reason.length);
		return payload;
	}

	/**
	 * Whether a frame may have this code: section 7.4 allows the code, or the code was
	 * registered with IANA later.
	 */
	private static boolean isAllowed(int code) {
		return (code >= 1000 && code <= 1014 && (code < 1004 || code > 1006)) || (code >= 3000 && code <= 4999);
	}

	/**
	 * Cuts the reason to the length that fits into a control frame, but never within a
	 * character.
	 */
	private static byte[] reason(@Nullable String reason) {
		byte[] bytes = (reason != null) ? reason.getBytes(StandardCharsets.UTF_8) : EMPTY;
		if (bytes.length <= MAX_REASON) {
			return bytes;
		}
		int length = MAX_REASON;
		while ((bytes[length] & 0xC0) == 0x80) {
			length--;
		}
		return Arrays.copyOf(bytes, length);
	}

}

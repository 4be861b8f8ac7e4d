package dev.switchboard.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Checks that bytes are well-formed UTF-8 (RFC 3629 section 4), by the JDK's decoder. The
 * transport does not use this class. The transport checks a message piece by piece, and
 * the JDK's decoder does not find an error in a character that is still incomplete at the
 * end of a piece.
 */
final class Utf8 {

	private static final int CHUNK = 512;

	private Utf8() {
	}

	/**
	 * Checks all bytes.
	 * @throws JsonException if the bytes are not well-formed
	 */
	static void check(byte[] bytes) {
		if (isAscii(bytes)) {
			return;
		}
		CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
		ByteBuffer in = ByteBuffer.wrap(bytes);
		CharBuffer decoded = CharBuffer.allocate(CHUNK);
		CoderResult result = decoder.decode(in, decoded, true);
		while (result.isOverflow()) {
			result = decoder.decode(in, decoded.clear(), true);
		}
		if (result.isError()) {
			throw new JsonException("malformed UTF-8 at byte " + in.position());
		}
	}

	/**
	 * Whether all bytes are ASCII. The loop has no early exit, so that the JIT can
	 * vectorize it.
	 */
	private static boolean isAscii(byte[] bytes) {
		int all = 0;
		for (byte b : bytes) {
			all |= b;
		}
		return all >= 0;
	}

}

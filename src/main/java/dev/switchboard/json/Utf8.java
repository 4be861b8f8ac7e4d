package dev.switchboard.json;

/** Well-formed UTF-8 (RFC 3629 section 4). */
final class Utf8 {

	private Utf8() {
	}

	/**
	 * The length of the multi-byte sequence at the position.
	 * @throws JsonException if it is not well-formed
	 */
	static int sequenceLength(byte[] bytes, int position, int end) {
		int lead = bytes[position] & 0xFF;
		int length = lengthFor(lead);
		if (length == 0 || position + length > end || !isSecond(lead, bytes[position + 1] & 0xFF)) {
			throw malformed(position);
		}
		for (int i = 2; i < length; i++) {
			if ((bytes[position + i] & 0xC0) != 0x80) {
				throw malformed(position);
			}
		}
		return length;
	}

	private static int lengthFor(int lead) {
		if (lead < 0xC2 || lead > 0xF4) {
			return 0;
		}
		return (lead < 0xE0) ? 2 : (lead < 0xF0) ? 3 : 4;
	}

	// The second byte also rules out overlong forms, surrogates and what lies past
	// U+10FFFF.
	private static boolean isSecond(int lead, int second) {
		return switch (lead) {
			case 0xE0 -> second >= 0xA0 && second <= 0xBF;
			case 0xED -> second >= 0x80 && second <= 0x9F;
			case 0xF0 -> second >= 0x90 && second <= 0xBF;
			case 0xF4 -> second >= 0x80 && second <= 0x8F;
			default -> (second & 0xC0) == 0x80;
		};
	}

	private static JsonException malformed(int position) {
		return new JsonException("malformed UTF-8 at byte " + position);
	}

}

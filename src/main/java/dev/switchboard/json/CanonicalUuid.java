package dev.switchboard.json;

import java.util.UUID;

/** UUIDs in their canonical text form (RFC 9562 section 4). */
public final class CanonicalUuid {

	private static final int LENGTH = 36;

	private CanonicalUuid() {
	}

	/**
	 * Reads the canonical form of 36 characters, in lower or upper case.
	 * {@link UUID#fromString} also accepts shorter forms.
	 * @throws IllegalArgumentException if the text has any other form
	 */
	public static UUID parse(String text) {
		if (!isCanonical(text)) {
			throw new IllegalArgumentException("not a UUID");
		}
		return UUID.fromString(text);
	}

	private static boolean isCanonical(String text) {
		boolean canonical = text.length() == LENGTH;
		for (int i = 0; canonical && i < LENGTH; i++) {
			canonical = isHyphenAt(i) ? text.charAt(i) == '-' : isHexDigit(text.charAt(i));
		}
		return canonical;
	}

	private static boolean isHyphenAt(int index) {
		return index == 8 || index == 13 || index == 18 || index == 23;
	}

	/**
	 * Whether the character is a hexadecimal digit of ASCII. {@link Character#digit} also
	 * reads the digits of scripts such as Arabic.
	 */
	private static boolean isHexDigit(char c) {
		return c < 0x80 && Character.digit(c, 16) >= 0;
	}

}

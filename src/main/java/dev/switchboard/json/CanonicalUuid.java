package dev.switchboard.json;

import java.util.UUID;

/** UUIDs in their canonical text form (RFC 9562 section 4). */
public final class CanonicalUuid {

	private static final int LENGTH = 36;

	private CanonicalUuid() {
	}

	/**
	 * Reads the canonical form of 36 characters. {@link UUID#fromString} takes others
	 * too.
	 * @throws IllegalArgumentException if the text is anything else
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
			char c = text.charAt(i);
			canonical = (i == 8 || i == 13 || i == 18 || i == 23) ? c == '-' : c < 0x80 && Character.digit(c, 16) >= 0;
		}
		return canonical;
	}

}

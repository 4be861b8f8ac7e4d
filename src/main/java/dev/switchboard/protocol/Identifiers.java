package dev.switchboard.protocol;

import java.util.UUID;

/** How ids are written: the alphabet of tenants and agents, and the form of UUIDs. */
final class Identifiers {

	static final int MAX_LENGTH = 128;

	private Identifiers() {
	}

	static String require(String kind, String id) {
		if (!isValid(id)) {
			throw new IllegalArgumentException(kind + " must be 1 to " + MAX_LENGTH
					+ " characters out of A-Z a-z 0-9 . _ : - and not start with '.'");
		}
		return id;
	}

	static boolean isValid(String id) {
		if (id.isEmpty() || id.length() > MAX_LENGTH || id.charAt(0) == '.') {
			return false;
		}
		return id.chars().allMatch(Identifiers::isAllowed);
	}

	private static boolean isAllowed(int c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_'
				|| c == ':' || c == '-';
	}

	/** Reads the canonical form alone; {@link UUID#fromString} takes others too. */
	static UUID uuid(String text) {
		boolean canonical = text.length() == 36;
		for (int i = 0; canonical && i < 36; i++) {
			char c = text.charAt(i);
			canonical = (i == 8 || i == 13 || i == 18 || i == 23) ? c == '-' : c < 0x80 && Character.digit(c, 16) >= 0;
		}
		if (!canonical) {
			throw new IllegalArgumentException("not a UUID");
		}
		return UUID.fromString(text);
	}

}

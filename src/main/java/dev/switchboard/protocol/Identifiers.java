package dev.switchboard.protocol;

/** The rule for the ids of tenants and agents: their alphabet and length. */
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
		// A stream would cost several times as much, and each call checks two ids.
		for (int i = 0; i < id.length(); i++) {
			if (!isAllowed(id.charAt(i))) {
				return false;
			}
		}
		return true;
	}

	private static boolean isAllowed(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_'
				|| c == ':' || c == '-';
	}

}

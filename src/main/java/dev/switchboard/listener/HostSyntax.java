package dev.switchboard.listener;

/**
 * Checks the syntax of {@code Host} (RFC 9110 section 7.2): a host and an optional port.
 */
final class HostSyntax {

	private static final String SIGNS = "-._~%!$&'()*+,;=";

	private HostSyntax() {
	}

	/** Whether the text is a valid {@code Host}. An empty text is valid, too. */
	static boolean matches(CharSequence text) {
		int colon = endOfHost(text);
		return colon >= 0 && (colon == text.length() || (text.charAt(colon) == ':' && isPort(text, colon + 1)));
	}

	/**
	 * Returns the index after the host; negative if the text does not begin with a host.
	 */
	private static int endOfHost(CharSequence text) {
		boolean isLiteral = text.length() > 0 && text.charAt(0) == '[';
		int i = isLiteral ? 1 : 0;
		while (i < text.length() && (isLiteral ? isOfLiteral(text.charAt(i)) : isOfName(text.charAt(i)))) {
			i++;
		}
		if (!isLiteral) {
			return i;
		}
		return (i > 1 && i < text.length() && text.charAt(i) == ']') ? i + 1 : -1;
	}

	private static boolean isOfName(char c) {
		return isDigit(c) || isLetter(c) || SIGNS.indexOf(c) >= 0;
	}

	private static boolean isOfLiteral(char c) {
		return isDigit(c) || isLetter(c) || c == ':' || c == '.' || c == '%';
	}

	private static boolean isLetter(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	}

	private static boolean isDigit(char c) {
		return c >= '0' && c <= '9';
	}

	private static boolean isPort(CharSequence text, int from) {
		int port = 0;
		for (int i = from; i < text.length(); i++) {
			port = 10 * port + (text.charAt(i) - '0');
			if (!isDigit(text.charAt(i)) || port > 65_535) {
				return false;
			}
		}
		return true;
	}

}

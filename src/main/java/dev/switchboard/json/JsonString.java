package dev.switchboard.json;

import java.nio.charset.StandardCharsets;

/** The text of a JSON string (RFC 8259 section 7) that {@link JsonReader} has passed. */
final class JsonString {

	private JsonString() {
	}

	/**
	 * Decodes a string.
	 * @param start the index of its opening quote
	 * @param end the index after its closing quote, as {@link JsonReader#skipString}
	 * found it
	 */
	static String decode(byte[] bytes, int start, int end) {
		for (int i = start + 1; i < end - 1; i++) {
			if (bytes[i] == '\\') {
				return unescape(new String(bytes, start + 1, end - start - 2, StandardCharsets.UTF_8));
			}
		}
		return new String(bytes, start + 1, end - start - 2, StandardCharsets.UTF_8);
	}

	private static String unescape(String raw) {
		StringBuilder text = new StringBuilder(raw.length());
		for (int i = 0; i < raw.length(); i++) {
			char c = raw.charAt(i);
			if (c != '\\') {
				text.append(c);
				continue;
			}
			char escape = raw.charAt(++i);
			if (escape == 'u') {
				text.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
				i += 4;
			}
			else {
				text.append(unescape(escape));
			}
		}
		return text.toString();
	}

	private static char unescape(char escape) {
		return switch (escape) {
			case 'b' -> '\b';
			case 'f' -> '\f';
			case 'n' -> '\n';
			case 'r' -> '\r';
			case 't' -> '\t';
			default -> escape;
		};
	}

}

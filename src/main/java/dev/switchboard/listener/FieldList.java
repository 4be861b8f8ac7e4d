package dev.switchboard.listener;

import java.util.ArrayList;
import java.util.List;

import org.springframework.http.HttpHeaders;

/**
 * Reads header fields that are lists (RFC 9110 section 5.6.1): elements may be in several
 * lines, and a comma within a quoted string separates nothing.
 */
public final class FieldList {

	private FieldList() {
	}

	/** Returns the elements of all lines of a field, without empty elements. */
	public static List<String> of(HttpHeaders headers, String name) {
		List<String> lines = headers.get(name);
		if (lines == null) {
			return List.of();
		}
		return lines.stream()
			.flatMap((line) -> split(line, ',').stream())
			.filter((element) -> !element.isEmpty())
			.toList();
	}

	/** Whether a token is among the elements. Compares without case. */
	public static boolean contains(HttpHeaders headers, String name, String token) {
		return of(headers, name).stream().anyMatch(token::equalsIgnoreCase);
	}

	/** Splits text at each separator that is outside of quoted strings. */
	public static List<String> split(String text, char separator) {
		List<String> parts = new ArrayList<>();
		boolean quoted = false;
		int start = 0;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (quoted && c == '\\') {
				i++;
			}
			else if (c == '"') {
				quoted = !quoted;
			}
			else if (c == separator && !quoted) {
				parts.add(text.substring(start, i).strip());
				start = i + 1;
			}
		}
		parts.add(text.substring(start).strip());
		return parts;
	}

	/** Returns the content of a quoted string, or any other text unchanged. */
	public static String unquoted(String text) {
		boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
		return quoted ? text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1") : text;
	}

}

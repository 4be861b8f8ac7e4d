package dev.switchboard.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.util.StringUtils;

/**
 * What a caller prefers (RFC 7240). What cannot be parsed is ignored; of a preference
 * that is there twice, the first counts.
 *
 * @param respondAsync whether to answer before the result is there
 * @param waitTime how long to wait for the result, at most {@link #LONGEST_WAIT}
 */
public record Preferences(boolean respondAsync, @Nullable Duration waitTime) {

	static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

	public static Preferences of(HttpHeaders headers) {
		boolean respondAsync = false;
		Duration wait = null;
		for (String line : headers.getOrEmpty("Prefer")) {
			for (String preference : StringUtils.tokenizeToStringArray(line, ",")) {
				String token = preference.split(";", 2)[0].strip();
				respondAsync |= token.equalsIgnoreCase("respond-async");
				wait = (wait != null) ? wait : parseWait(token);
			}
		}
		return new Preferences(respondAsync, wait);
	}

	private static @Nullable Duration parseWait(String token) {
		String[] parts = token.split("=", 2);
		if (parts.length < 2 || !parts[0].strip().equalsIgnoreCase("wait")) {
			return null;
		}
		String seconds = unquote(parts[1].strip());
		if (seconds.isEmpty() || !seconds.chars().allMatch((c) -> c >= '0' && c <= '9')) {
			return null;
		}
		return (seconds.length() > 9) ? LONGEST_WAIT : min(Duration.ofSeconds(Long.parseLong(seconds)), LONGEST_WAIT);
	}

	private static String unquote(String value) {
		boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
		return quoted ? value.substring(1, value.length() - 1) : value;
	}

	public static Duration min(Duration one, Duration other) {
		return (one.compareTo(other) <= 0) ? one : other;
	}

	/** The value of {@code Preference-Applied}; null if nothing was preferred. */
	public @Nullable String applied() {
		List<String> applied = new ArrayList<>();
		if (this.respondAsync) {
			applied.add("respond-async");
		}
		if (this.waitTime != null) {
			applied.add("wait=" + this.waitTime.toSeconds());
		}
		return applied.isEmpty() ? null : String.join(", ", applied);
	}

}

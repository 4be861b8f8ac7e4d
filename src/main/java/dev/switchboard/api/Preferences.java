package dev.switchboard.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.listener.FieldList;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * The preferences in the {@code Prefer} headers of a request (RFC 7240). A preference
 * that cannot be parsed is ignored. If one occurs twice, the first one counts.
 *
 * @param respondAsync whether the caller wants an answer before the result is there
 * @param waitTime how long to wait for the result, at most {@link #LONGEST_WAIT}; null if
 * the caller does not say it
 */
record Preferences(boolean respondAsync, @Nullable Duration waitTime) {

	static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

	static Preferences of(HttpHeaders headers) {
		boolean respondAsync = false;
		Duration wait = null;
		for (String preference : FieldList.of(headers, "Prefer")) {
			String token = FieldList.split(preference, ';').getFirst();
			respondAsync |= token.equalsIgnoreCase("respond-async");
			wait = (wait != null) ? wait : parseWait(token);
		}
		return new Preferences(respondAsync, wait);
	}

	private static @Nullable Duration parseWait(String token) {
		String[] parts = token.split("=", 2);
		if (parts.length < 2 || !parts[0].strip().equalsIgnoreCase("wait")) {
			return null;
		}
		String seconds = FieldList.unquoted(parts[1].strip());
		if (seconds.isEmpty() || !seconds.chars().allMatch((c) -> c >= '0' && c <= '9')) {
			return null;
		}
		boolean longer = seconds.length() > 9 || Long.parseLong(seconds) > LONGEST_WAIT.toSeconds();
		return longer ? LONGEST_WAIT : Duration.ofSeconds(Long.parseLong(seconds));
	}

	/** Writes the applied preferences into a header of the answer. */
	void apply(HttpHeaders answer) {
		List<String> applied = new ArrayList<>();
		if (this.respondAsync) {
			applied.add("respond-async");
		}
		if (this.waitTime != null) {
			applied.add("wait=" + this.waitTime.toSeconds());
		}
		if (!applied.isEmpty()) {
			answer.set("Preference-Applied", String.join(", ", applied));
		}
	}

}

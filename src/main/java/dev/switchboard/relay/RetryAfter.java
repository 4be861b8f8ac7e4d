package dev.switchboard.relay;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

import org.jspecify.annotations.Nullable;

/** Reads the header {@code Retry-After} (RFC 9110 section 10.2.3). Stateless. */
final class RetryAfter {

	/** A receiver cannot put off its deliveries for longer at a time. */
	static final Duration LONGEST = Duration.ofHours(1);

	private RetryAfter() {
	}

	/**
	 * Reads the header.
	 * @param value the header; null if there is none
	 * @param now the time to which a date is compared
	 * @return the pause, 0 to {@link #LONGEST}; null if the header says nothing
	 */
	static @Nullable Duration parse(@Nullable String value, Instant now) {
		Duration pause = (value != null) ? pause(value.strip(), now) : null;
		if (pause == null) {
			return null;
		}
		return pause.isNegative() ? Duration.ZERO : (pause.compareTo(LONGEST) < 0) ? pause : LONGEST;
	}

	private static @Nullable Duration pause(String value, Instant now) {
		if (!value.isEmpty() && value.chars().allMatch((c) -> c >= '0' && c <= '9')) {
			return (value.length() > 9) ? LONGEST : Duration.ofSeconds(Long.parseLong(value));
		}
		try {
			return Duration.between(now, ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

}

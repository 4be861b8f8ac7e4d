package dev.switchboard.json;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;

/** Writes times (RFC 3339) in UTC and always with milliseconds. */
public final class Timestamp {

	private static final DateTimeFormatter MILLISECONDS = new DateTimeFormatterBuilder().appendInstant(3)
		.toFormatter(Locale.ROOT);

	private Timestamp() {
	}

	/** Returns the time as text, cut off after the milliseconds. */
	public static String of(Instant time) {
		return MILLISECONDS.format(time);
	}

}

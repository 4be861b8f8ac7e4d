package dev.switchboard.database;

import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * The clock of the databases of a JVM that H2 holds in memory, for
 * {@link SteppedSession}.
 */
public final class H2Clock {

	private static volatile long micros;

	private H2Clock() {
	}

	static void set(long now) {
		micros = now;
	}

	/** Called by H2 in place of its own function {@code NOW}. */
	public static LocalDateTime now(@SuppressWarnings("unused") int digits) {
		return LocalDateTime.ofInstant(Sql.instant(micros), ZoneOffset.UTC);
	}

}

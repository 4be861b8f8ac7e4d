package dev.switchboard.database;

import org.jspecify.annotations.Nullable;

/**
 * The database did not answer: it is away, silent for longer than the caller waits, or
 * refuses. Whether it did what was asked is not known.
 */
public final class DatabaseUnavailableException extends RuntimeException {

	public DatabaseUnavailableException(String message, @Nullable Throwable cause) {
		super(message, cause, false, false);
	}

}

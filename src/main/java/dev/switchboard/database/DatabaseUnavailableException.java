package dev.switchboard.database;

import org.jspecify.annotations.Nullable;

/**
 * The database did not answer: it is away, is silent for longer than the caller waits, or
 * refuses. It is not known whether the statements took effect.
 */
public final class DatabaseUnavailableException extends RuntimeException {

	public DatabaseUnavailableException(String message, @Nullable Throwable cause) {
		super(message, cause, false, false);
	}

}

package dev.switchboard.database;

import org.jspecify.annotations.Nullable;

/**
 * The directory did not answer: it is away, silent for longer than the caller would wait,
 * or refuses. Nothing is known about what was asked.
 */
public final class DirectoryUnavailableException extends RuntimeException {

	public DirectoryUnavailableException(String message, @Nullable Throwable cause) {
		super(message, cause, false, false);
	}

}

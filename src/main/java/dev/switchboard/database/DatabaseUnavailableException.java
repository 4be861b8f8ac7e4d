package dev.switchboard.database;

import org.jspecify.annotations.Nullable;

/**
 * The database did not answer: it is away, is silent for longer than the caller waits, or
 * refuses the statements. The statements may have taken effect or may still take effect,
 * unless {@link #isUnsent}.
 */
public final class DatabaseUnavailableException extends RuntimeException {

	private final boolean unsent;

	/** Makes a failure after which the statements may still take effect. */
	public DatabaseUnavailableException(String message, @Nullable Throwable cause) {
		this(message, cause, false);
	}

	DatabaseUnavailableException(String message, @Nullable Throwable cause, boolean unsent) {
		super(message, cause, false, false);
		this.unsent = unsent;
	}

	/** Whether it is certain that no statement was sent. Then none takes effect. */
	public boolean isUnsent() {
		return this.unsent;
	}

}

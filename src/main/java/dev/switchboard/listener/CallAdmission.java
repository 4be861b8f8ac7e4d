package dev.switchboard.listener;

import io.netty.util.concurrent.EventExecutor;

/**
 * Decides whether an event loop takes a further call or push. One that is not taken is
 * refused at once, before it costs anything. Used on that event loop.
 */
@FunctionalInterface
public interface CallAdmission {

	/** Takes every call. */
	CallAdmission ALWAYS = () -> true;

	/** Whether the next call is taken. Called once for each call and each push. */
	boolean admits();

	/**
	 * Returns for how long a connection is not read after a refusal, in nanoseconds; 0 if
	 * it is read at once.
	 */
	default long pauseNanos() {
		return 0;
	}

	/** The admissions of all event loops. Thread-safe. */
	@FunctionalInterface
	interface Loops {

		/** The admissions of a node that takes every call. */
		Loops ALWAYS = (_) -> CallAdmission.ALWAYS;

		/** Returns the admission of an event loop. */
		CallAdmission on(EventExecutor loop);

	}

}

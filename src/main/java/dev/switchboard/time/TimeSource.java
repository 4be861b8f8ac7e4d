package dev.switchboard.time;

import java.time.Instant;

/**
 * The clocks of a node. A simulated cluster gives each node simulated clocks.
 * Thread-safe.
 */
public interface TimeSource {

	/** The clocks of this machine. */
	TimeSource SYSTEM = new TimeSource() {

		@Override
		public long nanoTime() {
			return System.nanoTime();
		}

		@Override
		public Instant now() {
			return Instant.now();
		}

	};

	/**
	 * Reads the monotonic clock, in nanoseconds. Only the difference of two readings has
	 * a meaning.
	 */
	long nanoTime();

	/** Reads the wall clock, which may jump forwards or backwards. */
	Instant now();

}

package dev.switchboard.time;

import java.time.Instant;

/** The clocks of a node. A simulated cluster gives each node its own. Thread-safe. */
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

	/** The monotonic clock, in nanoseconds; only differences have a meaning. */
	long nanoTime();

	/** The wall clock, which may jump forwards or backwards. */
	Instant now();

}

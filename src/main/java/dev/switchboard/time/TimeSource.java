package dev.switchboard.time;

import java.time.Instant;

/**
 * Where a node reads its clocks. A simulated cluster gives each node one of its own.
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

	/** The monotonic clock, in nanoseconds; only differences have a meaning. */
	long nanoTime();

	/** The wall clock, which may step either way. */
	Instant now();

}

package dev.switchboard.loop;

import dev.switchboard.time.TimeSource;

/** What a {@link TimerWheel} looks at when its time has come. */
public abstract class Timer {

	static final int NOWHERE = -1;

	/**
	 * The number of the slot in the low bits, the index within it in the high bits.
	 */
	int place = NOWHERE;

	/**
	 * Is called on the event loop when the delay is over, or early if the delay is longer
	 * than a turn of the wheel. The entry is then off the wheel.
	 * @param now the {@link TimeSource#nanoTime()} of this sweep
	 * @return the delay until the next look, in nanoseconds; negative for none
	 */
	protected abstract long look(long now);

	/** Reads the fields that {@link #look} will read, and has no other effect. */
	protected long prefetch() {
		return this.place;
	}

}

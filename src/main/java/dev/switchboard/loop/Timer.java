package dev.switchboard.loop;

import dev.switchboard.time.TimeSource;

/** An entry of a {@link TimerWheel}. The wheel looks at it when its delay is over. */
public abstract class Timer {

	static final int NOWHERE = -1;

	/**
	 * The place on the wheel: the number of the slot in the low bits, the index within
	 * the slot in the high bits.
	 */
	int place = NOWHERE;

	/**
	 * Called on the event loop when the delay is over, and also earlier if the delay is
	 * longer than a turn of the wheel. At the time of the call the entry is not on the
	 * wheel.
	 * @param now the {@link TimeSource#nanoTime()} of this sweep
	 * @return the delay until the next call, in nanoseconds; negative for no further call
	 */
	protected abstract long look(long now);

	/**
	 * Reads the fields that {@link #look} will read, so that they are in the processor's
	 * cache. Has no other effect.
	 */
	protected long prefetch() {
		return this.place;
	}

}

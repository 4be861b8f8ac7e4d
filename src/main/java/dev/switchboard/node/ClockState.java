package dev.switchboard.node;

import java.util.concurrent.TimeUnit;

import dev.switchboard.node.EpochTable.Reading;

/**
 * The state of the directory's clock. Times are in microseconds, except {@code nanoTime}.
 * Immutable.
 *
 * @param micros the database's time at a certain moment
 * @param nanoTime that moment, by the monotonic clock
 * @param ahead how much higher an epoch is than the time at which it is given
 * @param correction the number that is added to provisional epochs after the first
 * reading of the database's clock
 * @param learned whether the database's clock was read at least once
 * @param uncertain the largest error that the time may have
 */
record ClockState(long micros, long nanoTime, long ahead, long correction, boolean learned, long uncertain) {

	/**
	 * The smallest difference between an exact reading and this clock that counts as a
	 * step. A smaller one comes from drift, and epochs follow it.
	 */
	private static final long STEP_MICROS = TimeUnit.MILLISECONDS.toMicros(10);

	/**
	 * How long the database may take to store an epoch, which is the epoch of the time at
	 * which it was sent.
	 */
	private static final long STORING_MICROS = TimeUnit.SECONDS.toMicros(1);

	/**
	 * The largest drift between two clocks: the rate at which NTP slews a clock (500
	 * ppm), as a divisor.
	 */
	private static final long DRIFT = 2_000;

	/**
	 * The age up to which the highest stored epoch shows that other nodes are running.
	 * With a lease of less than three minutes, a running node stores its epoch more often
	 * than this.
	 */
	private static final long ALIVE_MICROS = TimeUnit.MINUTES.toMicros(1);

	/** Returns the state before the first reading: the machine's clock. */
	static ClockState ofMachine(long micros, long nanoTime, long ahead) {
		return new ClockState(micros, nanoTime, ahead, 0, false, 0);
	}

	long microsAt(long now) {
		return this.micros + TimeUnit.NANOSECONDS.toMicros(now - this.nanoTime);
	}

	/** Returns the same state with epochs that are higher by this much. */
	ClockState lifted(long by) {
		return new ClockState(this.micros, this.nanoTime, this.ahead + by, this.correction, this.learned,
				this.uncertain);
	}

	/**
	 * Returns the state after the first reading. If other nodes are running, this node's
	 * epochs keep in step with theirs: they go on from the highest stored epoch, plus the
	 * time since it was stored. Otherwise they go by the database's clock, but begin no
	 * lower than the highest stored epoch.
	 * <p>
	 * If the database's clock has stepped back since the highest epoch was stored, its
	 * time does not show how long ago that was. Then the corrected provisional epochs are
	 * higher than all that nodes may have claimed with since.
	 * @param at when the database read its clock, by the monotonic clock
	 * @param provisional the first provisional epoch that was given; 0 if none was
	 */
	ClockState first(Reading reading, long at, long roundTrip, long provisional) {
		long sinceWritten = reading.micros() - reading.written();
		boolean othersLive = reading.highest() > 0 && sinceWritten >= 0 && sinceWritten < ALIVE_MICROS;
		long epoch = othersLive ? reading.highest() + sinceWritten : Math.max(reading.micros(), reading.highest());
		if (provisional < 0 && sinceWritten < 0) {
			long sinceProvisional = microsAt(at) + this.ahead - provisional;
			epoch = Math.max(epoch, reading.highest() + ALIVE_MICROS + sinceProvisional);
		}
		long difference = epoch - reading.micros();
		long further = (difference > -STORING_MICROS && difference < STEP_MICROS) ? 0 : difference;
		return new ClockState(reading.micros(), at, further, reading.micros() + further - microsAt(at), true,
				error(roundTrip));
	}

	/**
	 * Returns how far a reading may be from the middle of its round trip, in
	 * microseconds.
	 */
	private static long error(long roundTrip) {
		return TimeUnit.NANOSECONDS.toMicros(roundTrip) / 2;
	}

	/** Returns the state after another reading. Epochs do not follow a step. */
	ClockState next(Reading reading, long at, long roundTrip) {
		return new ClockState(reading.micros(), at, this.ahead - step(reading, at, roundTrip), this.correction, true,
				error(roundTrip));
	}

	/**
	 * Returns how far the database's clock has stepped, according to a reading; 0 if the
	 * difference is no step.
	 */
	long step(Reading reading, long at, long roundTrip) {
		long step = reading.micros() - microsAt(at);
		long drift = TimeUnit.NANOSECONDS.toMicros(at - this.nanoTime) / DRIFT;
		return (Math.abs(step) < STEP_MICROS + this.uncertain + error(roundTrip) + drift) ? 0 : step;
	}

}

package dev.switchboard.directory;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The directory's clock as this node last read it, moved on by the monotonic clock.
 * Before the first reading it is the machine's. Thread-safe.
 */
public final class DirectoryClock {

	/** A reading whose answer took longer than this tells too little of when it was. */
	private static final long MAX_ROUND_TRIP = TimeUnit.SECONDS.toNanos(1);

	private record Reading(long micros, long nanoTime, boolean learned) {
	}

	private final AtomicLong lastEpoch = new AtomicLong();

	private volatile Reading reading = new Reading(micros(Instant.now()), System.nanoTime(), false);

	/**
	 * Takes a reading.
	 * @param micros what the directory said
	 * @param asked {@link System#nanoTime} when it was asked
	 * @param answered the same when it answered
	 */
	void learn(long micros, long asked, long answered) {
		if (answered - asked <= MAX_ROUND_TRIP || !this.reading.learned()) {
			this.reading = new Reading(micros, asked + (answered - asked) / 2, true);
		}
	}

	long micros() {
		Reading last = this.reading;
		return last.micros() + TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - last.nanoTime());
	}

	Instant now() {
		return instant(micros());
	}

	long nextEpoch() {
		long now = micros();
		return this.lastEpoch.updateAndGet((last) -> Math.max(last + 1, now));
	}

	static long micros(Instant instant) {
		return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
	}

	public static Instant instant(long micros) {
		return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
	}

}

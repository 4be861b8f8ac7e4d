package dev.switchboard.node;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.switchboard.database.Sql;
import dev.switchboard.time.TimeSource;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/**
 * The directory's clock: the database's clock as this node last read it, moved on by the
 * monotonic clock. Before the first reading it is the machine's clock. It may step at a
 * reading. Thread-safe.
 */
public final class DirectoryClock {

	/**
	 * After the first reading, a slower answer is not used: the moment at which the clock
	 * was read is too uncertain.
	 */
	private static final long MAX_ROUND_TRIP = TimeUnit.SECONDS.toNanos(1);

	private record Reading(long micros, long nanoTime, boolean learned) {
	}

	private final TimeSource time;

	private final AtomicLong lastEpoch = new AtomicLong();

	private volatile Reading reading;

	public DirectoryClock(TimeSource time) {
		this.time = time;
		this.reading = new Reading(Sql.micros(time.now()), time.nanoTime(), false);
	}

	/** The directory's time. */
	public Instant now() {
		return Sql.instant(micros());
	}

	/**
	 * An epoch for a new connection: microseconds of {@link #now}, higher than any that
	 * this node gave before, and below 2<sup>53</sup>.
	 */
	public long nextEpoch() {
		long now = micros();
		return this.lastEpoch.updateAndGet((last) -> Math.max(last + 1, now));
	}

	/** Reads the database's clock. */
	Mono<Void> read(Connection connection) {
		long asked = this.time.nanoTime();
		return Sql.select(connection, "SELECT " + Sql.CLOCK + " AS micros", (row) -> Sql.number(row, "micros"))
			.doOnNext((micros) -> learn(micros.getFirst(), asked))
			.then();
	}

	/**
	 * Takes a reading whose answer has just come.
	 * @param micros the time of the database
	 * @param asked {@link TimeSource#nanoTime} when the query was sent
	 */
	void learn(long micros, long asked) {
		long roundTrip = this.time.nanoTime() - asked;
		if (roundTrip <= MAX_ROUND_TRIP || !this.reading.learned()) {
			this.reading = new Reading(micros, asked + roundTrip / 2, true);
		}
	}

	private long micros() {
		Reading last = this.reading;
		return last.micros() + TimeUnit.NANOSECONDS.toMicros(this.time.nanoTime() - last.nanoTime());
	}

}

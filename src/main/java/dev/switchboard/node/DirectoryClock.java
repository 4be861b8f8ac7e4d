package dev.switchboard.node;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.switchboard.database.Sql;
import dev.switchboard.time.TimeSource;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/**
 * The directory's clock. It shows the time of the database: the last reading of the
 * database's clock, plus the time that has passed since by the monotonic clock. Before
 * the first reading it shows the machine's time. A reading may set it forward or back.
 * Thread-safe.
 */
public final class DirectoryClock {

	/**
	 * The longest round trip of a reading that is used. In a longer one, the moment at
	 * which the database read its clock is too uncertain. The first reading is used in
	 * any case.
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

	/** Returns the directory's time. */
	public Instant now() {
		return Sql.instant(micros());
	}

	/**
	 * Returns an epoch for a new connection: the microseconds of {@link #now}, or one
	 * more than the last epoch if that is higher. It is below 2<sup>53</sup>.
	 */
	public long nextEpoch() {
		long now = micros();
		return this.lastEpoch.updateAndGet((last) -> Math.max(last + 1, now));
	}

	/** Reads the database's clock, and sets this clock by it. */
	Mono<Void> read(Connection connection) {
		long asked = this.time.nanoTime();
		return Sql.select(connection, "SELECT " + Sql.CLOCK + " AS micros", (row) -> Sql.number(row, "micros"))
			.doOnNext((micros) -> learn(micros.getFirst(), asked))
			.then();
	}

	/**
	 * Sets this clock by a reading whose answer has just come.
	 * @param micros the database's time in microseconds since 1970
	 * @param asked the {@link TimeSource#nanoTime} at which the query was sent
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

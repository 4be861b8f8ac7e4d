package dev.switchboard.node;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.switchboard.database.Sql;
import dev.switchboard.node.EpochTable.Reading;
import dev.switchboard.time.TimeSource;
import io.r2dbc.spi.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The directory's clock: the database's clock as this node last read it, moved on by the
 * monotonic clock. Before the first reading it is the machine's clock. Thread-safe.
 * <p>
 * {@link #now} is the time, and steps when the database's clock steps. Epochs come from
 * the same clock, but they never go back and follow no step: all nodes see the same step,
 * and all go on as if there were none. So the epochs of two nodes stay comparable. A node
 * goes on from the highest epoch that any node has written down, and a node that finds
 * itself behind catches up.
 * <p>
 * An epoch that is given before the first reading is provisional, and negative. It is as
 * wrong as the machine's clock, and {@link #settled} corrects it once the directory's
 * time is known.
 */
public final class DirectoryClock {

	private static final Logger logger = LoggerFactory.getLogger(DirectoryClock.class);

	/**
	 * The longest round trip of a reading that is used. In a longer one, the moment at
	 * which the database read its clock is too uncertain. The first reading is used in
	 * any case.
	 */
	private static final long MAX_ROUND_TRIP = TimeUnit.SECONDS.toNanos(1);

	/** A smaller difference is uncertainty or drift, which epochs do follow. */
	private static final long STEP_MICROS = TimeUnit.SECONDS.toMicros(1);

	/** If the highest epoch was written within this time, other nodes go on from it. */
	private static final long ALIVE_MICROS = TimeUnit.MINUTES.toMicros(1);

	private static final long PROVISIONAL = 1L << 60;

	private final TimeSource time;

	private final AtomicLong lastEpoch = new AtomicLong(Long.MIN_VALUE);

	private volatile State state;

	/**
	 * What the clock knows.
	 *
	 * @param micros the time at a moment
	 * @param nanoTime that moment, by the monotonic clock
	 * @param ahead how far epochs are ahead of the time
	 * @param correction of provisional epochs, once there was a reading
	 * @param learned whether there was a reading
	 * @param uncertain how wrong the time may be
	 */
	private record State(long micros, long nanoTime, long ahead, long correction, boolean learned, long uncertain) {

		long microsAt(long now) {
			return this.micros + TimeUnit.NANOSECONDS.toMicros(now - this.nanoTime);
		}

		State lifted(long by) {
			return new State(this.micros, this.nanoTime, this.ahead + by, this.correction, this.learned,
					this.uncertain);
		}

		/**
		 * How far the clock has stepped, if it was read as this; 0 if it may not have.
		 */
		long step(Reading reading, long at) {
			long step = reading.micros() - microsAt(at);
			return (Math.abs(step) < STEP_MICROS + this.uncertain) ? 0 : step;
		}

	}

	public DirectoryClock(TimeSource time) {
		this.time = time;
		this.state = new State(Sql.micros(time.now()), time.nanoTime(), -PROVISIONAL, 0, false, 0);
	}

	/** Returns the directory's time. */
	public Instant now() {
		return Sql.instant(this.state.microsAt(this.time.nanoTime()));
	}

	/**
	 * An epoch for a new connection: higher than any that this node gave before, and
	 * below 2<sup>53</sup>. It is in microseconds, and near {@link #now} unless the
	 * database's clock has stepped; negative while it is provisional.
	 */
	public long nextEpoch() {
		long now = epoch();
		return this.lastEpoch.updateAndGet((last) -> Math.max(last + 1, now));
	}

	private long epoch() {
		State now = this.state;
		return now.microsAt(this.time.nanoTime()) + now.ahead();
	}

	/** The epoch of a connection that was made this long ago. */
	public long epochBefore(Duration past) {
		return epoch() - past.toNanos() / 1000;
	}

	/**
	 * The epoch as the directory may have it. It is to be called once {@link #learned}
	 * has completed.
	 */
	public long settled(long epoch) {
		return (epoch < 0) ? shown(epoch) + this.state.correction() : epoch;
	}

	/** The epoch as people and agents see it: never negative. */
	public static long shown(long epoch) {
		return (epoch < 0) ? epoch + PROVISIONAL : epoch;
	}

	/** The time at which a connection with this epoch was made. */
	public Instant timeOf(long epoch) {
		return (epoch < 0) ? Sql.instant(shown(epoch)) : Sql.instant(epoch - this.state.ahead());
	}

	/**
	 * Whether the epoch is from the future. Then another node's clock is ahead of this
	 * one's, and their epochs do not tell which connection is newer.
	 */
	public boolean isAhead(long epoch) {
		return epoch > Math.max(epoch(), this.lastEpoch.get());
	}

	/** Gives only higher epochs than this one from now on. */
	public synchronized void catchUp(long epoch) {
		State now = this.state;
		long behind = epoch - now.microsAt(this.time.nanoTime()) - now.ahead();
		if (now.learned() && behind > 0) {
			this.state = now.lifted(behind);
		}
		this.lastEpoch.updateAndGet((last) -> Math.max(last, epoch));
	}

	/** Completes once the database's clock was read, at once if it was. */
	public Mono<Void> learned(Connection connection) {
		return Mono.defer(() -> this.state.learned() ? Mono.empty() : read(connection));
	}

	/** Reads the database's clock, and writes down how far this node's epochs are. */
	Mono<Void> read(Connection connection) {
		return Mono.defer(() -> {
			long asked = this.time.nanoTime();
			return EpochTable.read(connection).doOnNext((reading) -> learn(reading, asked)).then(keep(connection));
		});
	}

	/** Writes down how far this node's epochs are. */
	Mono<Void> keep(Connection connection) {
		return Mono.defer(() -> this.state.learned()
				? EpochTable.raise(connection, Math.max(epoch(), this.lastEpoch.get())) : Mono.empty())
			.then();
	}

	/**
	 * Takes a reading whose answer has just come.
	 * @param asked {@link TimeSource#nanoTime} when the query was sent
	 */
	synchronized void learn(Reading reading, long asked) {
		long roundTrip = this.time.nanoTime() - asked;
		long at = asked + roundTrip / 2;
		State before = this.state;
		if (!before.learned()) {
			this.state = first(reading, at, before, roundTrip);
		}
		else if (roundTrip <= MAX_ROUND_TRIP) {
			log(before.step(reading, at));
			this.state = next(reading, at, before);
		}
		catchUp(reading.highest());
	}

	private static State first(Reading reading, long at, State before, long roundTrip) {
		long sinceWritten = reading.micros() - reading.written();
		boolean othersLive = reading.highest() > 0 && sinceWritten >= 0 && sinceWritten < ALIVE_MICROS;
		long epoch = othersLive ? reading.highest() + sinceWritten : Math.max(reading.micros(), reading.highest());
		long ahead = (Math.abs(epoch - reading.micros()) < STEP_MICROS) ? 0 : epoch - reading.micros();
		return new State(reading.micros(), at, ahead, reading.micros() + ahead - before.microsAt(at), true,
				TimeUnit.NANOSECONDS.toMicros(roundTrip));
	}

	private static State next(Reading reading, long at, State before) {
		return new State(reading.micros(), at, before.ahead() - before.step(reading, at), before.correction(), true, 0);
	}

	private static void log(long step) {
		if (step != 0) {
			logger.warn("The database's clock has stepped by {}; epochs go on as before",
					Duration.of(step, ChronoUnit.MICROS));
		}
	}

}

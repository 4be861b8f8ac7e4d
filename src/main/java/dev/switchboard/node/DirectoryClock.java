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
import org.slf4j.event.Level;
import reactor.core.publisher.Mono;

/**
 * The directory's clock. It shows the time of the database: the last reading of the
 * database's clock, plus the time that has passed since by the monotonic clock. Before
 * the first reading it shows the machine's time. Thread-safe.
 * <p>
 * The database's clock may step, for example because a server with another clock takes
 * over. {@link #now} follows such a step. Epochs come from the same clock, but never go
 * back, and do not follow steps. All nodes see the same step and leave it out, so the
 * epochs of two nodes stay comparable. The table of epochs ({@link EpochTable}) has the
 * highest epoch that any node has stored there. A node that starts goes on from that
 * epoch, and a node whose epochs are lower raises them.
 * <p>
 * An epoch that a node gives before its first reading is provisional, and negative. It
 * comes from the machine's clock, which may be wrong. {@link #settled} corrects it after
 * the first reading.
 */
public final class DirectoryClock {

	private static final Logger logger = LoggerFactory.getLogger(DirectoryClock.class);

	/**
	 * The longest round trip of a reading that is used. In a longer one, the moment at
	 * which the database read its clock is too uncertain. The first reading is used in
	 * any case.
	 */
	private static final long MAX_ROUND_TRIP = TimeUnit.SECONDS.toNanos(1);

	private static final long PROVISIONAL = 1L << 60;

	private static final long SHORT_STEP_MICROS = TimeUnit.SECONDS.toMicros(1);

	private final TimeSource time;

	private final AtomicLong lastEpoch = new AtomicLong(Long.MIN_VALUE);

	/** The lowest provisional epoch that this clock has given; 0 if it has given none. */
	private final AtomicLong firstProvisional = new AtomicLong();

	private volatile int lifts;

	private volatile ClockState state;

	public DirectoryClock(TimeSource time) {
		this.time = time;
		this.state = ClockState.ofMachine(Sql.micros(time.now()), time.nanoTime(), -PROVISIONAL);
	}

	/** Returns the directory's time. */
	public Instant now() {
		return Sql.instant(this.state.microsAt(this.time.nanoTime()));
	}

	/**
	 * Returns an epoch for a new connection. It is higher than all epochs that this node
	 * gave before, and below 2<sup>53</sup>. It counts microseconds, and is near
	 * {@link #now} unless the database's clock has stepped. A provisional epoch is
	 * negative.
	 */
	public long nextEpoch() {
		long now = epoch();
		long next = this.lastEpoch.updateAndGet((last) -> Math.max(last + 1, now));
		if (next < 0) {
			this.firstProvisional.accumulateAndGet(next, Math::min);
		}
		return next;
	}

	private long epoch() {
		ClockState now = this.state;
		return now.microsAt(this.time.nanoTime()) + now.ahead();
	}

	/**
	 * Returns the epoch that a connection would have if it had been made this long ago.
	 */
	public long epochBefore(Duration past) {
		return epoch() - past.toNanos() / 1000;
	}

	/**
	 * Returns the epoch to store in the directory: the corrected one if the given one is
	 * provisional. {@link #learned} must have completed before.
	 */
	public long settled(long epoch) {
		return (epoch < 0) ? shown(epoch) + this.state.correction() : epoch;
	}

	/** Returns the epoch that users and agents see, which is never negative. */
	public static long shown(long epoch) {
		return (epoch < 0) ? epoch + PROVISIONAL : epoch;
	}

	/** Returns the time at which a connection with this epoch was made. */
	public Instant timeOf(long epoch) {
		return (epoch < 0) ? Sql.instant(shown(epoch)) : Sql.instant(epoch - this.state.ahead());
	}

	/**
	 * Whether an epoch is higher than any that this node would give now. Then the clock
	 * of the node that gave the epoch is ahead of this node's clock, and the epochs of
	 * the two nodes do not tell which connection is newer.
	 */
	public boolean isAhead(long epoch) {
		return epoch > Math.max(epoch(), this.lastEpoch.get());
	}

	/** Returns how often epochs of other nodes have made this clock give higher ones. */
	public int lifts() {
		return this.lifts;
	}

	/** Makes this clock give only epochs that are higher than this one. */
	public synchronized void catchUp(long epoch) {
		ClockState now = this.state;
		long behind = epoch - now.microsAt(this.time.nanoTime()) - now.ahead();
		if (now.learned() && behind > 0) {
			this.state = now.lifted(behind);
			this.lifts = this.lifts + 1;
		}
		this.lastEpoch.updateAndGet((last) -> Math.max(last, epoch));
	}

	/** Reads the database's clock, unless it has been read before. */
	public Mono<Void> learned(Connection connection) {
		return Mono.defer(() -> this.state.learned() ? Mono.empty() : read(connection));
	}

	/**
	 * Reads the database's clock, sets this clock by it, and stores this node's highest
	 * epoch in the table of epochs.
	 */
	Mono<Void> read(Connection connection) {
		return Mono.defer(() -> {
			long asked = this.time.nanoTime();
			return EpochTable.read(connection).doOnNext((reading) -> learn(reading, asked)).then(keep(connection));
		});
	}

	/**
	 * Stores this node's highest epoch in the table of epochs, if the clock has been
	 * read.
	 */
	Mono<Void> keep(Connection connection) {
		return Mono.defer(() -> this.state.learned()
				? EpochTable.raise(connection, Math.max(epoch(), this.lastEpoch.get())) : Mono.empty())
			.then();
	}

	/**
	 * Sets this clock by a reading whose answer has just come.
	 * @param asked the {@link TimeSource#nanoTime} at which the query was sent
	 */
	synchronized void learn(Reading reading, long asked) {
		long roundTrip = this.time.nanoTime() - asked;
		long at = asked + roundTrip / 2;
		ClockState before = this.state;
		if (!before.learned()) {
			this.state = before.first(reading, at, roundTrip, this.firstProvisional.get());
		}
		else if (roundTrip <= MAX_ROUND_TRIP) {
			log(before.step(reading, at, roundTrip));
			this.state = before.next(reading, at, roundTrip);
		}
		catchUp(reading.highest());
	}

	private static void log(long step) {
		if (step != 0) {
			// The servers of a cluster may differ by some milliseconds.
			logger.atLevel((Math.abs(step) < SHORT_STEP_MICROS) ? Level.DEBUG : Level.WARN)
				.log("The database's clock has stepped by {}; epochs go on as before",
						Duration.of(step, ChronoUnit.MICROS));
		}
	}

}

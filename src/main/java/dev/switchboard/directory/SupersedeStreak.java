package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import dev.switchboard.database.Sql;
import io.r2dbc.spi.Readable;

/**
 * How often in a row an agent's connection was superseded by a connection from another
 * host. A long streak means that two machines have the agent's identity, for example
 * because they were cloned from one image.
 *
 * @param count the length of the streak; a supersession that comes {@link #MEMORY} or
 * more after the last one begins a new streak
 * @param last the time of the last supersession, by the directory's clock
 */
public record SupersedeStreak(int count, Instant last) {

	/**
	 * The time after which a streak is over. A machine whose connection was superseded
	 * tries again after a minute or more, so two machines with one identity supersede
	 * each other well within this time.
	 */
	public static final Duration MEMORY = Duration.ofMinutes(10);

	static final long MEMORY_MICROS = TimeUnit.SECONDS.toMicros(MEMORY.toSeconds());

	/**
	 * The length from which a streak means flapping. A streak of two is normal: a laptop
	 * moves to another network and back.
	 */
	private static final int FLAPPING = 3;

	static SupersedeStreak read(Readable row) {
		return new SupersedeStreak(Sql.integer(row, "supersessions"), Sql.instant(row, "superseded_at"));
	}

	/**
	 * Whether the agent flaps, and the last supersession was by the connection that was
	 * made at this time.
	 */
	boolean isNewlyFlapping(Instant connectedAt) {
		return this.last.equals(connectedAt) && isFlapping(connectedAt);
	}

	/**
	 * Whether the agent flaps: its streak is long enough, and is not over.
	 * @param now the directory's time
	 */
	public boolean isFlapping(Instant now) {
		return this.count >= FLAPPING && now.isBefore(this.last.plus(MEMORY));
	}

}

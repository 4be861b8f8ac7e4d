package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import dev.switchboard.database.Sql;
import io.r2dbc.spi.Readable;

/**
 * How often in a row an agent's connection was superseded by one from another host. Two
 * machines that were cloned from one image do that.
 *
 * @param count how often, each time within ten minutes of the time before
 * @param last the last time, by the directory's clock
 */
public record SupersedeStreak(int count, Instant last) {

	/**
	 * An agent that lost waits a minute or more, so cloned machines change each minute.
	 */
	public static final Duration MEMORY = Duration.ofMinutes(10);

	static final long MEMORY_MICROS = TimeUnit.SECONDS.toMicros(MEMORY.toSeconds());

	/** An agent may move to another network once, and back. */
	private static final int FLAPPING = 3;

	static SupersedeStreak read(Readable row) {
		return new SupersedeStreak(Sql.integer(row, "supersessions"), Sql.instant(row, "superseded_at"));
	}

	/**
	 * Whether the agent flaps, and the connection made at this time is the latest cause.
	 */
	boolean isNewlyFlapping(Instant connectedAt) {
		return this.last.equals(connectedAt) && isFlapping(connectedAt);
	}

	/**
	 * Whether the agent flaps: its connections have superseded each other often, and
	 * lately.
	 * @param now the directory's time
	 */
	public boolean isFlapping(Instant now) {
		return this.count >= FLAPPING && now.isBefore(this.last.plus(MEMORY));
	}

}

package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import dev.switchboard.database.Sql;

import io.r2dbc.spi.Readable;

/**
 * How often in a row an agent's connection was superseded by one from another host, which
 * is what two machines do that were cloned from one image.
 *
 * @param count how often, each within ten minutes of the one before
 * @param last when that happened last, by the directory's clock
 */
public record Supersessions(int count, Instant last) {

	/** Agents that lose wait for a minute or more, so that twins change every minute. */
	public static final Duration MEMORY = Duration.ofMinutes(10);

	static final long MEMORY_MICROS = TimeUnit.SECONDS.toMicros(MEMORY.toSeconds());

	/** An agent that moves to another network may do so once, and back. */
	private static final int FLAPPING = 3;

	static Supersessions read(Readable row) {
		return new Supersessions(Sql.integer(row, "supersessions"), Sql.instant(row, "superseded_at"));
	}

	/** Whether the connection of this time is the latest to do it. */
	boolean isNewly(Instant connectedAt) {
		return this.last.equals(connectedAt) && isFlapping(connectedAt);
	}

	/**
	 * Whether that is going on.
	 * @param now the directory's time
	 */
	public boolean isFlapping(Instant now) {
		return this.count >= FLAPPING && now.isBefore(this.last.plus(MEMORY));
	}

}

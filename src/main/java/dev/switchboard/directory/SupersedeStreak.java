package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import dev.switchboard.database.Sql;
import dev.switchboard.protocol.AgentId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import reactor.core.publisher.Mono;

/**
 * How often in a row a connection of an agent was still alive when a newer one had taken
 * the agent. A long streak means that two machines have the agent's identity, for example
 * because they were cloned from one image. Addresses play no part: two machines may share
 * one, and one machine may have several.
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

	/**
	 * The length from which a streak means flapping. A streak of two may have a harmless
	 * cause: a process was replaced before it ended, twice in a row.
	 */
	private static final int FLAPPING = 3;

	/**
	 * The count is assigned first: MySQL assigns from left to right, and the count needs
	 * the old time. The row must have a newer connection; otherwise nothing is counted.
	 */
	private static final String EXTEND = "UPDATE agents SET supersessions = CASE WHEN superseded_at + %d > %s "
		.formatted(TimeUnit.SECONDS.toMicros(MEMORY.toSeconds()), Sql.CLOCK)
			+ "THEN supersessions + 1 ELSE 1 END, superseded_at = " + Sql.CLOCK
			+ " WHERE tenant = ? AND agent = ? AND epoch > ?";

	private static final String SELECT = "SELECT supersessions, superseded_at FROM agents "
			+ "WHERE tenant = ? AND agent = ?";

	static SupersedeStreak read(Readable row) {
		return new SupersedeStreak(Sql.integer(row, "supersessions"), Sql.instant(row, "superseded_at"));
	}

	/**
	 * Counts that a connection was alive when a newer one had taken its agent.
	 * @param epoch the older connection's epoch
	 * @return the streak with this connection counted; empty if the directory has no
	 * newer connection
	 */
	static Mono<SupersedeStreak> extend(Connection connection, AgentId agent, long epoch) {
		byte[] tenant = Sql.bytes(agent.tenant());
		byte[] id = Sql.bytes(agent.agent());
		return Sql.update(connection, EXTEND, tenant, id, epoch)
			.filter((rows) -> rows > 0)
			.flatMap((_) -> Sql.select(connection, SELECT, SupersedeStreak::read, tenant, id))
			.flatMap((found) -> Mono.justOrEmpty(found.stream().findFirst()));
	}

	/**
	 * Whether the agent flaps: its streak is long enough, and is not over.
	 * @param now the directory's time
	 */
	public boolean isFlapping(Instant now) {
		return this.count >= FLAPPING && now.isBefore(this.last.plus(MEMORY));
	}

}

package dev.switchboard.directory;

import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.database.Database;
import dev.switchboard.protocol.AgentId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts in the directory how often agents are superseded while alive. Thread-safe. */
public final class SupersedeStreaks {

	private static final Logger logger = LoggerFactory.getLogger(SupersedeStreaks.class);

	private static final int MOST_AT_ONCE = 100;

	private final Database database;

	private final FlappingAgents flapping;

	private final AtomicInteger running = new AtomicInteger();

	/**
	 * @param flapping remembers the agents whose streaks are long
	 */
	SupersedeStreaks(Database database, FlappingAgents flapping) {
		this.database = database;
		this.flapping = flapping;
	}

	/**
	 * Counts that a connection of this node was still alive when a newer one had taken
	 * its agent: the agent was connected twice at once. Counts nothing if the directory
	 * is away, or while many others are being counted. Returns at once.
	 * @param epoch the older connection's epoch
	 */
	public void extend(AgentId agent, long epoch) {
		if (this.running.incrementAndGet() > MOST_AT_ONCE) {
			this.running.decrementAndGet();
			return;
		}
		this.database.upkeep("streak", (connection) -> SupersedeStreak.extend(connection, agent, epoch))
			.doFinally((_) -> this.running.decrementAndGet())
			.subscribe((streak) -> this.flapping.add(agent, streak),
					(failure) -> logger.debug("{} not counted: {}", agent, failure.toString()));
	}

}

package dev.switchboard.presence;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.switchboard.database.Batcher;
import dev.switchboard.database.Database;
import dev.switchboard.directory.AgentChanges;
import dev.switchboard.node.Membership;
import dev.switchboard.time.Chance;
import dev.switchboard.time.Periodic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;

/**
 * Finds agents that have been away for so long that they are offline, and changes that
 * the event log does not have: those of a node that is gone, and those that a node
 * recorded and did not send. Each node looks every few seconds. Indexes have only rows
 * with something to do, so a look that finds nothing reads two entries.
 */
final class PresenceSweep implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(PresenceSweep.class);

	private static final Duration LONGEST_PERIOD = Duration.ofSeconds(5);

	/** How long the node that recorded a change has time to tell it. */
	private static final long OLD_MICROS = TimeUnit.SECONDS.toMicros(10);

	private static final Duration STOP_LIMIT = Duration.ofSeconds(3);

	private final Database database;

	private final PresenceEvents events;

	private final Periodic looks;

	/** Coalesces the demands for a look that come while there is one. */
	private final Batcher<String> demands = new Batcher<>(1, 1, (_) -> Duration.ZERO, (_) -> tellAll(0));

	private volatile boolean running;

	/**
	 * Makes a sweep that begins at {@link #start}.
	 * @param offlineAfter how long an agent is away until it is offline
	 * @param chance spreads the looks of nodes that started together
	 */
	PresenceSweep(Database database, PresenceEvents events, Duration offlineAfter, Chance chance) {
		this.database = database;
		this.events = events;
		Duration tenth = offlineAfter.dividedBy(10);
		Duration period = (tenth.compareTo(LONGEST_PERIOD) < 0) ? tenth : LONGEST_PERIOD;
		this.looks = new Periodic(() -> chance.around(period, 0.5), this::look,
				(failure) -> logger.debug("Changes of presence not looked for: {}", failure.toString()));
	}

	/** Looks soon, and tells of all changes. Returns at once. */
	void soon() {
		this.demands.add("all");
		this.demands.sendNext();
	}

	/** Looks once. */
	Mono<Void> look() {
		return offline().flatMap((found) -> tellAll((found > 0) ? 0 : OLD_MICROS));
	}

	/**
	 * Records agents as offline that have been away for too long.
	 * @return how many
	 */
	private Mono<Long> offline() {
		return Mono
			.defer(() -> this.database.log("offline-agents",
					(connection) -> ChangeTable.away(connection, ChangeTable.MOST)
						.flatMap((away) -> away.isEmpty() ? Mono.just(0L)
								: ChangeTable.offline(connection, away)
									.map((changed) -> (away.size() < ChangeTable.MOST) ? -changed : changed))))
			.repeat()
			.takeUntil((changed) -> changed <= 0)
			.reduce(0L, (sum, changed) -> sum + Math.abs(changed));
	}

	private Mono<Void> tellAll(long olderThanMicros) {
		return Mono.defer(() -> page(olderThanMicros))
			.repeat()
			.takeUntil((found) -> found < PresenceEvents.MAX_BATCH)
			.then();
	}

	/** Tells of the changes of some agents, and returns how many agents there were. */
	private Mono<Integer> page(long olderThanMicros) {
		Mono<List<AgentChanges>> untold = this.database.log("untold-presence",
				(connection) -> ChangeTable.untold(connection, olderThanMicros, PresenceEvents.MAX_BATCH));
		return untold
			.flatMap((found) -> found.isEmpty() ? Mono.just(0) : this.events.tell(found).thenReturn(found.size()));
	}

	@Override
	public void start() {
		this.running = true;
		this.looks.start();
	}

	/**
	 * Tells of what this node has recorded last, for a few seconds at most. What is left
	 * another node tells.
	 */
	@Override
	public void stop(Runnable callback) {
		stop();
		Database.within(STOP_LIMIT, tellAll(0)).onErrorComplete().doFinally((_) -> callback.run()).subscribe();
	}

	@Override
	public void stop() {
		this.running = false;
		this.looks.dispose();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/** Makes this bean stop after {@link Membership} has released what was left. */
	@Override
	public int getPhase() {
		return Membership.PHASE - 1;
	}

}

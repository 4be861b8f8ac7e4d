package dev.switchboard.presence;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.switchboard.connection.GatewayEvent;
import dev.switchboard.connection.GatewayEvents;
import dev.switchboard.database.Batcher;
import dev.switchboard.database.Database;
import dev.switchboard.directory.AgentChanges;
import dev.switchboard.protocol.AgentId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Sends recorded changes to the event log, and then removes them from the directory. Any
 * number of nodes may send the same change: the changes of an agent have one order and
 * each has one id, so the log takes it once. If this node dies, or has no room, the
 * changes stay in the directory and {@link PresenceSweep} finds them. Thread-safe.
 */
final class PresenceEvents {

	private static final Logger logger = LoggerFactory.getLogger(PresenceEvents.class);

	/** The most agents whose changes are told together. */
	static final int MAX_BATCH = 1000;

	/** How many agents may wait on this node. */
	private static final int MOST_WAITING = 20_000;

	private static final Duration PAUSE_AN_AGENT = Duration.ofMillis(1);

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

	private final GatewayEvents events;

	private final Database database;

	private final PresenceMetrics metrics;

	private final Batcher<AgentChanges> batches = new Batcher<>(MAX_BATCH, 1,
			Batcher.growing(PAUSE_AN_AGENT, LONGEST_PAUSE), this::tell);

	PresenceEvents(GatewayEvents events, Database database, PresenceMetrics metrics) {
		this.events = events;
		this.database = database;
		this.metrics = metrics;
		metrics.queue(this.batches::depth);
	}

	/** Takes the changes of agents that this node has just stored. Returns at once. */
	void add(List<AgentChanges> agents) {
		int room = Math.max(0, MOST_WAITING - this.batches.depth());
		agents.stream().limit(room).forEach(this.batches::add);
		if (agents.size() > room) {
			this.metrics.deferred(agents.size() - room);
		}
		this.batches.sendNext();
	}

	/**
	 * Tells of changes.
	 * @return completes when the log has the events and the directory is rid of the
	 * changes; an error if the changes stay in the directory
	 */
	Mono<Void> tell(List<AgentChanges> agents) {
		return Mono.defer(() -> {
			Collection<AgentChanges> latest = latest(agents);
			List<Change> changes = new ArrayList<>();
			List<GatewayEvent> all = new ArrayList<>();
			latest.forEach((agent) -> Change.read(agent).forEach((change) -> {
				changes.add(change);
				all.add(change.event(agent.agent()));
			}));
			return this.events.store(all).then(Mono.defer(() -> remove(latest))).doOnSuccess((_) -> {
				changes.forEach(this.metrics::told);
				latest.stream().filter(Change::isIncomplete).forEach((_) -> this.metrics.incomplete());
			});
		}).doOnError((failure) -> {
			this.metrics.deferred(agents.size());
			logger.debug("Changes of {} agents not told yet: {}", agents.size(), failure.toString());
		});
	}

	/**
	 * Returns the latest changes of each agent. They begin with those that came before.
	 */
	private static Collection<AgentChanges> latest(List<AgentChanges> agents) {
		Map<AgentId, AgentChanges> latest = LinkedHashMap.newLinkedHashMap(agents.size());
		agents.forEach((changes) -> latest.put(changes.agent(), changes));
		return latest.values();
	}

	private Mono<Void> remove(Collection<AgentChanges> told) {
		return this.database
			.log("told-presence", (connection) -> ChangeTable.remove(connection, List.copyOf(told)).thenReturn(true))
			.then();
	}

}

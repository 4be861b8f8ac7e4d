package dev.switchboard.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.directory.AgentRecord;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.tenant.Admittance;
import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Finds out which other node holds an agent: from the directory, or from memory if the
 * directory was read in the last seconds. While the directory is down, older locations
 * are used. If such a location is wrong, the node there answers that it does not hold the
 * agent. Thread-safe.
 */
final class Locations {

	/** How long after its lookup a location is used without a new lookup. */
	private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(5);

	/**
	 * How long after its lookup a location is kept. An old one is used only while the
	 * directory is away.
	 */
	private static final Duration KEPT = Duration.ofMinutes(10);

	private static final int MAX_LOCATIONS = 100_000;

	/**
	 * How long after a failed lookup old locations are used without asking the directory.
	 */
	private static final long DOWN_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Cache<AgentId, Location> cache;

	private final Lookup directory;

	private final NodeId self;

	private final TimeSource time;

	private final Absence absence;

	private final Admittance admittance;

	private volatile @Nullable Long downSince;

	/** Looks agents up in the directory. */
	@FunctionalInterface
	interface Lookup {

		/**
		 * Looks an agent up.
		 * @param limit how long the directory may be silent
		 */
		Mono<AgentRecord> find(AgentId agent, Duration limit);

		/**
		 * Looks agents up, without those that were never seen.
		 * @param limit how long the directory may be silent
		 */
		default Mono<List<AgentRecord>> findAll(List<AgentId> agents, Duration limit) {
			return Flux.fromIterable(agents).flatMap((agent) -> find(agent, limit)).collectList();
		}

	}

	/**
	 * @param absence makes the problem for an agent that the directory does not know
	 * @param admittance says which agents are kept out
	 */
	Locations(Lookup directory, NodeId self, TimeSource time, Absence absence, Admittance admittance) {
		this.directory = directory;
		this.self = self;
		this.time = time;
		this.absence = absence;
		this.admittance = admittance;
		this.cache = Caffeine.newBuilder()
			.maximumSize(MAX_LOCATIONS)
			.expireAfterWrite(KEPT)
			.executor(Runnable::run)
			.ticker(time::nanoTime)
			.build();
	}

	/** Returns the id of this node. */
	NodeId self() {
		return this.self;
	}

	/**
	 * Finds an agent.
	 * @param wait the rest of the caller's wait, of which the directory gets at most half
	 * @return the agent's location; an error of {@link ProblemException} if it cannot be
	 * found, or if it is kept out
	 */
	Mono<Location> locate(AgentId agent, Duration wait) {
		ProblemException refusal = this.admittance.refusal(agent);
		if (refusal != null) {
			return Mono.error(refusal);
		}
		Location known = this.cache.getIfPresent(agent);
		if (known == null) {
			return lookUp(agent, wait);
		}
		if (isFresh(known) || isDown()) {
			return Mono.just(known);
		}
		return ask(agent, wait).onErrorReturn(DatabaseUnavailableException.class, known);
	}

	/** Gives a value as soon as the agent is kept out, so that {@link #locate} fails. */
	Mono<Object> awaitRefusal(AgentId agent) {
		return this.admittance.awaitRefusal(agent).cast(Object.class);
	}

	/**
	 * Finds agents, all that are not in memory with one statement.
	 * @param wait the rest of the caller's wait, of which the directory gets at most half
	 * @return the nodes that hold the agents, without agents that no other node holds; an
	 * error of {@link DatabaseUnavailableException} if the directory does not answer
	 */
	Mono<Map<AgentId, NodeRecord>> locateAll(List<AgentId> agents, Duration wait) {
		Map<AgentId, NodeRecord> nodes = new HashMap<>();
		List<AgentId> others = new ArrayList<>();
		for (AgentId agent : agents) {
			Location known = this.cache.getIfPresent(agent);
			if (known != null && known.node() != null && isFresh(known)) {
				nodes.put(agent, known.node());
			}
			else {
				others.add(agent);
			}
		}
		return others.isEmpty() ? Mono.just(nodes)
				: this.directory.findAll(others, DirectoryQueries.patience(wait)).map((found) -> {
					found.forEach((record) -> {
						NodeRecord node = keep(record.agent(), record).node();
						if (node != null) {
							nodes.put(record.agent(), node);
						}
					});
					return nodes;
				});
	}

	private boolean isFresh(Location known) {
		return this.time.nanoTime() - known.readNanos() < FRESH_NANOS;
	}

	/** Finds an agent as {@link #locate} does, but always in the directory. */
	Mono<Location> lookUp(AgentId agent, Duration wait) {
		return ask(agent, wait).onErrorMap(DatabaseUnavailableException.class, (_) -> ProblemException.directoryDown());
	}

	/** Forgets a location that has turned out wrong. */
	void forget(AgentId agent) {
		this.cache.invalidate(agent);
	}

	private Mono<Location> ask(AgentId agent, Duration wait) {
		return this.directory.find(agent, DirectoryQueries.patience(wait))
			.map((found) -> keep(agent, found))
			.doOnError(DatabaseUnavailableException.class, (_) -> this.downSince = this.time.nanoTime())
			.switchIfEmpty(Mono.error(this.absence::unknown));
	}

	/**
	 * Returns the location of an agent, and keeps it if another node holds the agent. An
	 * offline agent may connect at any moment, so its location is not kept.
	 */
	private Location keep(AgentId agent, AgentRecord found) {
		this.downSince = null;
		Location location = new Location(otherNode(found), found.epoch(), found.lastSeen(), this.time.nanoTime());
		if (location.node() != null) {
			this.cache.put(agent, location);
		}
		else {
			this.cache.invalidate(agent);
		}
		return location;
	}

	private @Nullable NodeRecord otherNode(AgentRecord found) {
		NodeRecord node = found.node();
		return (node == null || node.id().equals(this.self)) ? null : node;
	}

	private boolean isDown() {
		Long since = this.downSince;
		return since != null && this.time.nanoTime() - since < DOWN_NANOS;
	}

}

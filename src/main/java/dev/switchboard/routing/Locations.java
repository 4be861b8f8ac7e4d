package dev.switchboard.routing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.directory.AgentRecord;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Where the agents of other nodes are, from the directory and for some seconds from
 * memory. While the directory is down, older locations are used: a node that no longer
 * holds the agent answers that it does not. Thread-safe.
 */
final class Locations {

	/** For this long a location is used without a lookup. */
	private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(5);

	/** For this long an old location is kept, for a directory that is away. */
	private static final Duration KEPT = Duration.ofMinutes(10);

	private static final int MAX_LOCATIONS = 100_000;

	/** After a failed lookup, old locations are used for this long without asking. */
	private static final long DOWN_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Cache<AgentId, Location> cache;

	private final BiFunction<AgentId, Duration, Mono<AgentRecord>> directory;

	private final NodeId self;

	private final TimeSource time;

	private volatile @Nullable Long downSince;

	/**
	 * @param directory looks an agent up; the duration is how long it may be silent
	 */
	Locations(BiFunction<AgentId, Duration, Mono<AgentRecord>> directory, NodeId self, TimeSource time) {
		this.directory = directory;
		this.self = self;
		this.time = time;
		this.cache = Caffeine.newBuilder()
			.maximumSize(MAX_LOCATIONS)
			.expireAfterWrite(KEPT)
			.executor(Runnable::run)
			.ticker(time::nanoTime)
			.build();
	}

	/**
	 * Finds an agent.
	 * @param wait the rest of the caller's wait, of which the directory gets half
	 * @return its location; an error of {@link ProblemException} otherwise
	 */
	Mono<Location> locate(AgentId agent, Duration wait) {
		Location known = this.cache.getIfPresent(agent);
		if (known == null) {
			return lookUp(agent, wait);
		}
		if (this.time.nanoTime() - known.readNanos() < FRESH_NANOS || isDown()) {
			return Mono.just(known);
		}
		return ask(agent, wait).onErrorReturn(DatabaseUnavailableException.class, known);
	}

	/** Finds an agent in the directory, even if its location is in memory. */
	Mono<Location> lookUp(AgentId agent, Duration wait) {
		return ask(agent, wait).onErrorMap(DatabaseUnavailableException.class, (_) -> ProblemException.directoryDown());
	}

	/** Forgets a location that has turned out wrong. */
	void forget(AgentId agent) {
		this.cache.invalidate(agent);
	}

	private Mono<Location> ask(AgentId agent, Duration wait) {
		return this.directory.apply(agent, DirectoryQueries.patience(wait))
			.map((found) -> keep(agent, found))
			.doOnError(DatabaseUnavailableException.class, (_) -> this.downSince = this.time.nanoTime())
			.switchIfEmpty(Mono.error(DirectoryQueries::agentUnknown));
	}

	/**
	 * Keeps the location of an agent, unless it is offline: it may connect at any moment.
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

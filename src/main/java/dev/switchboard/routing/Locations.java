package dev.switchboard.routing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.switchboard.database.DirectoryUnavailableException;
import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.directory.AgentRecord;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Where agents are that other nodes hold: from the directory, and for some seconds from
 * memory. A location that is old is used only while the directory is away: the node that
 * it names tells if it is wrong. Thread-safe.
 */
@Component
final class Locations {

	private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(5);

	private static final Duration KEPT = Duration.ofMinutes(10);

	private static final int MOST = 100_000;

	/** Having found the directory away, nobody waits for it again for this long. */
	private static final long AWAY_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Cache<AgentId, Location> cache = Caffeine.newBuilder()
		.maximumSize(MOST)
		.expireAfterWrite(KEPT)
		.build();

	private final BiFunction<AgentId, Duration, Mono<AgentRecord>> directory;

	private final NodeId self;

	private final LongSupplier nanoTime;

	private volatile @Nullable Long awaySince;

	@Autowired
	Locations(AgentDirectory directory, NodeId self) {
		this(directory::locate, self, System::nanoTime);
	}

	/**
	 * @param directory looks an agent up, and may be silent for so long
	 */
	Locations(BiFunction<AgentId, Duration, Mono<AgentRecord>> directory, NodeId self, LongSupplier nanoTime) {
		this.directory = directory;
		this.self = self;
		this.nanoTime = nanoTime;
	}

	/**
	 * Finds an agent.
	 * @param wait what is left of the caller's wait, of which the directory gets half
	 * @return where it is, as far as is known, or an error of {@link ProblemException}
	 */
	Mono<Location> locate(AgentId agent, Duration wait) {
		Location known = this.cache.getIfPresent(agent);
		if (known == null) {
			return lookUp(agent, wait);
		}
		if (this.nanoTime.getAsLong() - known.readNanos() < FRESH_NANOS || isAway()) {
			return Mono.just(known);
		}
		return ask(agent, wait).onErrorReturn(DirectoryUnavailableException.class, known);
	}

	/** Finds an agent, by the directory alone. */
	Mono<Location> lookUp(AgentId agent, Duration wait) {
		return ask(agent, wait).onErrorMap(DirectoryUnavailableException.class,
				(_) -> ProblemException.directoryDown());
	}

	/** Forgets where the agent was, since it is not there. */
	void forget(AgentId agent) {
		this.cache.invalidate(agent);
	}

	private Mono<Location> ask(AgentId agent, Duration wait) {
		return this.directory.apply(agent, Presence.patience(wait))
			.map((found) -> answered(agent, found))
			.doOnError(DirectoryUnavailableException.class, (_) -> this.awaySince = this.nanoTime.getAsLong())
			.switchIfEmpty(Mono
				.error(() -> new ProblemException(Problem.AGENT_UNKNOWN, "The agent was never seen in this tenant")));
	}

	// Who is offline may turn up at any moment: that is not kept.
	private Location answered(AgentId agent, AgentRecord found) {
		this.awaySince = null;
		Location location = new Location(found.node(), found.epoch(), found.lastSeen(), this.nanoTime.getAsLong());
		if (location.isElsewhere(this.self)) {
			this.cache.put(agent, location);
		}
		else {
			this.cache.invalidate(agent);
		}
		return location;
	}

	private boolean isAway() {
		Long since = this.awaySince;
		return since != null && this.nanoTime.getAsLong() - since < AWAY_NANOS;
	}

}

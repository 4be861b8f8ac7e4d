package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.LogLimit;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the agents of this node that flap: their connections supersede each other
 * again and again while both are alive. The usual cause is that two machines have one
 * identity, because they are clones of one image. Each further supersession is counted;
 * the log gets at most one line a minute. Thread-safe.
 */
public final class FlappingAgents {

	private static final Logger logger = LoggerFactory.getLogger(FlappingAgents.class);

	private static final int MOST_REMEMBERED = 10_000;

	private static final Duration LOG_PAUSE = Duration.ofMinutes(1);

	private final Cache<AgentId, SupersedeStreak> recent;

	private final Counter seen;

	private final DirectoryClock clock;

	private final LogLimit logLimit;

	private final List<FlappingListener> listeners;

	FlappingAgents(DirectoryClock clock, TimeSource time, MeterRegistry meters, List<FlappingListener> listeners) {
		this.clock = clock;
		this.listeners = List.copyOf(listeners);
		this.logLimit = new LogLimit(LOG_PAUSE, time);
		this.recent = Caffeine.newBuilder()
			.maximumSize(MOST_REMEMBERED)
			.expireAfterWrite(SupersedeStreak.MEMORY)
			.ticker(time::nanoTime)
			.executor(Runnable::run)
			.build();
		this.seen = Counter.builder("switchboard.agents.flapping")
			.description("Times that an agent was superseded while alive yet again")
			.register(meters);
	}

	/**
	 * Whether an agent that this node holds flaps: see
	 * {@link SupersedeStreak#isFlapping}.
	 */
	public boolean contains(AgentId agent) {
		SupersedeStreak streak = this.recent.getIfPresent(agent);
		return streak != null && streak.isFlapping(this.clock.now());
	}

	/** Returns the directory's time. */
	Instant now() {
		return this.clock.now();
	}

	/** Remembers that an agent of this node flaps. */
	void remember(AgentId agent, SupersedeStreak streak) {
		this.recent.put(agent, streak);
	}

	/**
	 * Takes note that a connection of the agent was alive when it was superseded. If the
	 * agent flaps, remembers, counts and logs this, and notifies the listeners.
	 */
	void add(AgentId agent, SupersedeStreak streak) {
		if (!streak.isFlapping(now())) {
			return;
		}
		remember(agent, streak);
		this.seen.increment();
		this.listeners.forEach((listener) -> listener.flapping(agent, streak));
		OptionalLong heldBack = this.logLimit.tryLog();
		if (heldBack.isPresent()) {
			logger.warn("{} was connected twice at once, {} times in a row: a cloned machine? ({} more such lines not "
					+ "logged)", agent, streak.count(), heldBack.getAsLong());
		}
	}

}

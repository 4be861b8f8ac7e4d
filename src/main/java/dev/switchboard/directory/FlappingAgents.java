package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.protocol.AgentId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * The agents of this node whose connections supersede each other again and again, from
 * different hosts: two machines with one identity, as a cloned image makes them. They are
 * counted, told of in the log now and then, and remembered for a while. Thread-safe.
 */
@Component
public final class FlappingAgents {

	private static final Logger LOG = LoggerFactory.getLogger(FlappingAgents.class);

	private static final int MOST_REMEMBERED = 10_000;

	private static final Duration LOG_PAUSE = Duration.ofMinutes(1);

	private final Cache<AgentId, Supersessions> recent = Caffeine.newBuilder()
		.maximumSize(MOST_REMEMBERED)
		.expireAfterWrite(Supersessions.MEMORY)
		.build();

	private final Counter seen;

	private final DirectoryClock clock;

	private Instant loggedAt = Instant.EPOCH;

	private int unlogged;

	FlappingAgents(AgentDirectory directory, DirectoryClock clock, MeterRegistry meters) {
		this.clock = clock;
		this.seen = Counter.builder("switchboard.agents.flapping")
			.description("Times that an agent was superseded from another host yet again")
			.register(meters);
		directory.onFlapping(this::flapped);
	}

	/** Whether the agent, which this node holds, has been flapping until lately. */
	public boolean contains(AgentId agent) {
		Supersessions supersessions = this.recent.getIfPresent(agent);
		return supersessions != null && supersessions.isFlapping(this.clock.now());
	}

	private synchronized void flapped(AgentId agent, Supersessions supersessions) {
		this.seen.increment();
		this.recent.put(agent, supersessions);
		Instant now = this.clock.now();
		if (now.isBefore(this.loggedAt.plus(LOG_PAUSE))) {
			this.unlogged++;
			return;
		}
		LOG.warn("{} connects from two hosts by turns, {} times in a row: a cloned machine? ({} more of such lately)",
				agent, supersessions.count(), this.unlogged);
		this.loggedAt = now;
		this.unlogged = 0;
	}

}

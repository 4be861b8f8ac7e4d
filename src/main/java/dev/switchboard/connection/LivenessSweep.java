package dev.switchboard.connection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.EventExecutor;

/**
 * Looks after the liveness of all connections, by one sweep an event loop in place of a
 * timer a connection. Connections are added and removed on their own loop.
 */
final class LivenessSweep {

	private static final Duration LONGEST_PERIOD = Duration.ofSeconds(1);

	private final Map<EventExecutor, LoopSweep> loops = new ConcurrentHashMap<>();

	private final long periodNanos;

	private final Clock clock;

	LivenessSweep(Duration heartbeat, Clock clock) {
		Duration quarter = heartbeat.dividedBy(4);
		this.periodNanos = ((quarter.compareTo(LONGEST_PERIOD) < 0) ? quarter : LONGEST_PERIOD).toNanos();
		this.clock = clock;
	}

	void add(AgentConnection connection) {
		this.loops.computeIfAbsent(connection.eventLoop(), this::start).connections.add(connection);
	}

	void remove(AgentConnection connection) {
		LoopSweep loop = this.loops.get(connection.eventLoop());
		if (loop != null) {
			loop.connections.remove(connection);
		}
	}

	private LoopSweep start(EventExecutor loop) {
		LoopSweep sweep = new LoopSweep();
		loop.scheduleAtFixedRate(sweep, this.periodNanos, this.periodNanos, TimeUnit.NANOSECONDS);
		return sweep;
	}

	private final class LoopSweep implements Runnable {

		private final Set<AgentConnection> connections = new LinkedHashSet<>();

		@Override
		public void run() {
			long now = System.nanoTime();
			Instant wallClock = LivenessSweep.this.clock.instant();
			// A copy, because a check may close a connection, which removes it.
			for (AgentConnection connection : this.connections.toArray(AgentConnection[]::new)) {
				connection.checkLiveness(now, wallClock);
			}
		}

	}

}

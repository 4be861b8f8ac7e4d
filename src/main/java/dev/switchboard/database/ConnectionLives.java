package dev.switchboard.database;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;

import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.r2dbc.spi.Connection;
import reactor.pool.PooledRefMetadata;

/**
 * Decides how long the connections of a pool live. No connection lives for ever, because
 * the server's name may later lead to a different server. If the server turns out not to
 * take writes, all open connections end early. Thread-safe.
 */
final class ConnectionLives {

	/** The longest life of a connection, on average. */
	static final Duration LONGEST = Duration.ofMinutes(5);

	/**
	 * How far one connection's longest life may differ from {@link #LONGEST}, as a
	 * fraction. The life is random, so connections made together do not end together.
	 */
	static final double SPREAD = 0.4;

	/**
	 * How long the pool keeps an idle connection. Firewalls and servers keep an idle
	 * connection for longer.
	 */
	static final Duration LONGEST_IDLE = Duration.ofMinutes(1);

	/**
	 * The shortest time between two calls of {@link #endAll} that have an effect. Without
	 * this pause, each failed write would end connections that reads can still use.
	 */
	static final Duration BETWEEN_CLEARINGS = Duration.ofSeconds(1);

	private final Clock clock;

	private final Chance chance;

	/** The longest life of each connection, in milliseconds. */
	private final Map<Connection, Long> longest = Collections.synchronizedMap(new WeakHashMap<>());

	private volatile long cleared;

	ConnectionLives(TimeSource time, Chance chance) {
		InstantSource monotonic = () -> Instant.ofEpochMilli(TimeUnit.NANOSECONDS.toMillis(time.nanoTime()));
		this.clock = monotonic.withZone(ZoneOffset.UTC);
		this.chance = chance;
		this.cleared = this.clock.millis() - BETWEEN_CLEARINGS.toMillis();
	}

	/** Returns the pool's clock. It never goes back. */
	Clock clock() {
		return this.clock;
	}

	/** Whether a connection must not be lent again. */
	boolean isOver(Connection connection, PooledRefMetadata use) {
		return use.idleTime() > LONGEST_IDLE.toMillis() || use.allocationTimestamp() <= this.cleared
				|| use.lifeTime() > longest(connection);
	}

	private long longest(Connection connection) {
		return this.longest.computeIfAbsent(connection, (_) -> this.chance.around(LONGEST, SPREAD).toMillis());
	}

	/** Makes a connection end when it comes back to the pool. */
	void end(Connection connection) {
		this.longest.put(connection, -1L);
	}

	/** Makes all connections that are open now end, unless this has just happened. */
	void endAll() {
		long now = this.clock.millis();
		if (now - this.cleared >= BETWEEN_CLEARINGS.toMillis()) {
			this.cleared = now;
		}
	}

}

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
 * How long the connections of a pool live. None lives for ever, since the server's name
 * may come to mean another server; and all end at once when their server turns out to be
 * of no use. Thread-safe.
 */
final class ConnectionLives {

	/** The mean of the longest life. */
	static final Duration LONGEST = Duration.ofMinutes(5);

	/** Connections that were made together do not end together. */
	static final double SPREAD = 0.4;

	/** Shorter than the time for which firewalls and servers keep an idle connection. */
	static final Duration LONGEST_IDLE = Duration.ofMinutes(1);

	/**
	 * While every write fails, connections for reads are not made anew for each of them.
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

	/** The clock by which a pool is to count: it never goes back. */
	Clock clock() {
		return this.clock;
	}

	/** Whether a connection is not to be lent again. */
	boolean isOver(Connection connection, PooledRefMetadata use) {
		return use.idleTime() > LONGEST_IDLE.toMillis() || use.allocationTimestamp() <= this.cleared
				|| use.lifeTime() > longest(connection);
	}

	private long longest(Connection connection) {
		return this.longest.computeIfAbsent(connection, (_) -> this.chance.around(LONGEST, SPREAD).toMillis());
	}

	/** Ends a connection. */
	void end(Connection connection) {
		this.longest.put(connection, -1L);
	}

	/** Ends all connections that are open now, unless it has just done so. */
	void endAll() {
		long now = this.clock.millis();
		if (now - this.cleared >= BETWEEN_CLEARINGS.toMillis()) {
			this.cleared = now;
		}
	}

}

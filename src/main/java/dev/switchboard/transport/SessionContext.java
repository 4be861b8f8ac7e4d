package dev.switchboard.transport;

import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.time.TimeSource;

/**
 * The objects that all sessions of a listener share.
 *
 * @param settings the bounds of each session
 * @param time the clock by which sessions record when bytes last came from their peer
 * @param open the number of sessions that have started and not ended
 */
record SessionContext(TransportSettings settings, TimeSource time, AtomicInteger open) {

	SessionContext(TransportSettings settings, TimeSource time) {
		this(settings, time, new AtomicInteger());
	}

}

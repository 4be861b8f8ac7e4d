package dev.switchboard.transport;

import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.time.TimeSource;

/**
 * What all sessions of a listener share.
 *
 * @param settings the bounds of each session
 * @param time the clock by which sessions note when they last heard from their peer
 * @param open the number of sessions that have started and not ended
 */
record SessionContext(TransportSettings settings, TimeSource time, AtomicInteger open) {

	SessionContext(TransportSettings settings, TimeSource time) {
		this(settings, time, new AtomicInteger());
	}

}

package dev.switchboard.transport;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all sessions of a listener share.
 *
 * @param settings what bounds each
 * @param open how many have begun and not ended yet
 */
record SessionContext(TransportSettings settings, AtomicInteger open) {

	SessionContext(TransportSettings settings) {
		this(settings, new AtomicInteger());
	}

}

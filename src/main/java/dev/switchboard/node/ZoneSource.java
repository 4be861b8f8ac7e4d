package dev.switchboard.node;

import org.jspecify.annotations.Nullable;

/**
 * Finds the zone of this node where the settings do not name one. Thread-safe.
 */
@FunctionalInterface
public interface ZoneSource {

	/**
	 * Returns the zone; null while it is not known. The node asks at each heartbeat, so
	 * this method must not block.
	 */
	@Nullable String zone();

}

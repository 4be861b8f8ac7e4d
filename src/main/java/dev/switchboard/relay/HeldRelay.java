package dev.switchboard.relay;

import dev.switchboard.event.EventCursor;
import org.jspecify.annotations.Nullable;

/**
 * A relay that belongs to this node.
 *
 * @param key names it
 * @param fence the number that carries each change of its position
 * @param version the version of its webhook; 0 if there is none
 * @param position the place up to which all is delivered; null for the beginning
 */
record HeldRelay(RelayKey key, long fence, long version, @Nullable EventCursor position) {

	/** Whether the work on the other one can go on for this one. */
	boolean continues(HeldRelay other) {
		return this.fence == other.fence && this.version == other.version;
	}

}

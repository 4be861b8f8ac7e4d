package dev.switchboard.event;

import java.util.UUID;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;

/**
 * An event that waits to be stored.
 *
 * @param agent the agent that the event is from
 * @param key the event's key
 * @param entry the entry of the log, in one line
 * @param listener is notified once, on any thread
 */
record PendingEvent(AgentId agent, UUID key, Payload entry, Listener listener) {

	/** Learns what became of an event. */
	interface Listener {

		/** Called when the event is in the log. */
		void stored();

		/** Called when the event will not be stored. */
		void dropped();

	}

}

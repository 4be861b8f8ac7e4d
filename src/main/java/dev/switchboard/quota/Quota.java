package dev.switchboard.quota;

import org.jspecify.annotations.Nullable;

/** A resource whose use by a tenant is limited, in the whole cluster. */
public enum Quota {

	/** Open connections of agents. */
	CONNECTIONS("connections"),
	/** Handshakes of agents in a second. */
	HANDSHAKES_PER_SECOND("handshakesPerSecond"),
	/** Calls that wait for their agents, or for their agents to connect. */
	CALLS_IN_FLIGHT("callsInFlight"),
	/** Calls and pushes in a second. */
	CALLS_PER_SECOND("callsPerSecond"),
	/** Bytes of messages to and from agents in a second. */
	BYTES_PER_SECOND("bytesPerSecond"),
	/** Events of agents in a second. */
	EVENTS_PER_SECOND("eventsPerSecond"),
	/** Durable pushes that wait for their agents. */
	DURABLE_PUSHES("durablePushes");

	private final String text;

	Quota(String text) {
		this.text = text;
	}

	/** Returns the name that the API uses. */
	public String text() {
		return this.text;
	}

	/** Returns the quota with this name in the API; null if there is none. */
	public static @Nullable Quota named(String text) {
		for (Quota quota : values()) {
			if (quota.text.equals(text)) {
				return quota;
			}
		}
		return null;
	}

}

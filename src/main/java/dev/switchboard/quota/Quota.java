package dev.switchboard.quota;

import org.jspecify.annotations.Nullable;

/** A resource whose use by a tenant is limited, in the whole cluster. */
public enum Quota {

	/** Open connections of agents. */
	CONNECTIONS("connections", Kind.PLACES),
	/** Handshakes of agents in a second. */
	HANDSHAKES_PER_SECOND("handshakesPerSecond", Kind.RATE),
	/** Calls that wait for their agents, or for their agents to connect. */
	CALLS_IN_FLIGHT("callsInFlight", Kind.PLACES),
	/** Calls and pushes in a second. */
	CALLS_PER_SECOND("callsPerSecond", Kind.RATE),
	/** Bytes of messages to and from agents in a second. */
	BYTES_PER_SECOND("bytesPerSecond", Kind.RATE),
	/** Events of agents in a second. */
	EVENTS_PER_SECOND("eventsPerSecond", Kind.RATE),
	/** Durable pushes that wait for their agents. */
	DURABLE_PUSHES("durablePushes", Kind.STORED);

	private final String text;

	private final Kind kind;

	Quota(String text, Kind kind) {
		this.text = text;
		this.kind = kind;
	}

	/** How a quota is measured. */
	enum Kind {

		/** By what happens in a second. */
		RATE,
		/** By what there is on all nodes at a time. */
		PLACES,
		/** By what is stored in the directory's database, which is counted there. */
		STORED

	}

	Kind kind() {
		return this.kind;
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

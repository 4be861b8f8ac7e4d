package dev.switchboard.quota;

import java.util.Locale;

/** What a node holds bytes for. The names are tags of metrics. */
public enum BudgetKind {

	/** Messages of agents that have come in part. */
	INBOUND,
	/** Messages that wait for slow agents, in queues and in sockets' buffers. */
	OUTBOUND,
	/**
	 * Calls that are held: bodies that are arriving, and calls that wait for their agent
	 * to connect, or run without a caller.
	 */
	CALLS,
	/** Outcomes of calls with a key and of asynchronous calls. */
	OUTCOMES,
	/** Handshakes that are not complete. */
	HANDSHAKES;

	private final String text = name().toLowerCase(Locale.ROOT);

	/** Returns the name in metrics. */
	public String text() {
		return this.text;
	}

}

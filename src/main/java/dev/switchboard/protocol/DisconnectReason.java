package dev.switchboard.protocol;

/**
 * A reason for which the gateway closes a connection: the close code (RFC 6455 section
 * 7.4), its text, and the rule by which the agent reconnects. The transport sends 1002,
 * 1007 and 1009 without asking this class. These codes are listed because agents need the
 * rules for them.
 */
public enum DisconnectReason {

	NODE_LEAVING(1001, "node is leaving", Reconnect.JITTER), PROTOCOL_ERROR(1002, "RFC 6455 broken", Reconnect.BACKOFF),
	NOT_UTF8(1007, "text is not UTF-8", Reconnect.BACKOFF), TOO_BIG(1009, "message too big", Reconnect.BACKOFF),
	NODE_RESTARTS(1012, "node restarts", Reconnect.JITTER), TRY_LATER(1013, "try again later", Reconnect.JITTER),
	REBALANCE(4000, "rebalance", Reconnect.JITTER), HEARTBEAT_MISSED(4001, "heartbeat missed", Reconnect.BACKOFF),
	TOO_SLOW(4002, "agent reads too slowly", Reconnect.BACKOFF),
	CREDENTIALS_EXPIRED(4003, "credentials expired", Reconnect.FRESH_TOKEN),
	BY_OPERATOR(4004, "disconnected by an operator", Reconnect.JITTER),
	AGENT_REVOKED(4500, "agent revoked", Reconnect.ONCE_A_DAY),
	SUPERSEDED(4501, "superseded by a newer connection", Reconnect.UNLESS_OURS),
	TENANT_DISABLED(4502, "tenant disabled", Reconnect.TEN_MINUTES),
	PROTOCOL_VIOLATION(4503, "protocol violation", Reconnect.LONG_BACKOFF);

	/** When the agent connects again after the close. */
	public enum Reconnect {

		/**
		 * After a random delay, which may be zero (full jitter). The upper bound of the
		 * delay doubles with each failed attempt and with each connection that ends. A
		 * connection does not count if the gateway ended it for a reason that has nothing
		 * to do with the agent (1001, 1012, 4000, 4004). The doubling starts anew after a
		 * connection that was of use: it lasted a minute, or answered a call.
		 */
		JITTER,
		/**
		 * After a random delay of at least half the bound of {@link #JITTER} (back-off).
		 */
		BACKOFF,
		/**
		 * After a delay as for {@link #BACKOFF}, but with a bound that grows to a minute
		 * or more.
		 */
		LONG_BACKOFF,
		/** After a delay as for {@link #JITTER}, with a fresh token. */
		FRESH_TOKEN,
		/** After ten minutes or more. */
		TEN_MINUTES,
		/**
		 * Not at all if this process opened the newer connection. Otherwise after a
		 * minute or more.
		 */
		UNLESS_OURS,
		/** Once a day. */
		ONCE_A_DAY

	}

	private final int code;

	private final String text;

	private final Reconnect reconnect;

	DisconnectReason(int code, String text, Reconnect reconnect) {
		this.code = code;
		this.text = text;
		this.reconnect = reconnect;
	}

	/** Returns the WebSocket close code. */
	public int code() {
		return this.code;
	}

	/** Returns the close reason as it is sent. */
	public String text() {
		return this.text;
	}

	public Reconnect reconnect() {
		return this.reconnect;
	}

	/**
	 * Returns the rule by which an agent reconnects after a close with this code. A code
	 * that the protocol does not name is treated like a lost socket.
	 */
	public static Reconnect reconnectAfter(int code) {
		for (DisconnectReason reason : values()) {
			if (reason.code == code) {
				return reason.reconnect;
			}
		}
		return Reconnect.JITTER;
	}

}

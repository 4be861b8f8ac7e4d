package dev.switchboard.simulator.agents;

import java.util.concurrent.ThreadLocalRandom;

import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;

/**
 * Draws the delays before an agent connects again. The close code decides which bounds a
 * delay has. For most codes these are the bounds in the last {@code welcome} of any
 * agent. Unlike the protocol, this class does not count endings in a row, so the bounds
 * do not grow. Thread-safe.
 */
final class ReconnectDelays {

	/** The delay of an agent that does not connect again. */
	static final long NEVER = -1;

	private static final int FIRST_MILLIS = 500;

	private volatile long minMillis = 0;

	private volatile long maxMillis = 30_000;

	void learn(Frame.Welcome welcome) {
		this.minMillis = welcome.reconnectMinMillis();
		this.maxMillis = Math.max(welcome.reconnectMinMillis(), welcome.reconnectMaxMillis());
	}

	/**
	 * Draws the delay after a connection that was open has ended.
	 * @return the delay in milliseconds, or {@link #NEVER}
	 */
	long afterClose(int code) {
		return switch (DisconnectReason.reconnectAfter(code)) {
			case ONCE_A_DAY -> NEVER;
			case TEN_MINUTES -> 600_000 + jitter(60_000);
			case LONG_BACKOFF, UNLESS_OURS -> 60_000 + jitter(60_000);
			case JITTER, BACKOFF, FRESH_TOKEN -> this.minMillis + jitter(this.maxMillis - this.minMillis);
		};
	}

	/**
	 * Draws the delay after this many failed attempts in a row, in milliseconds.
	 * @param retryAfterMillis the delay that the gateway has asked for; 0 if it has not
	 */
	long afterFailure(int attempts, long retryAfterMillis) {
		// The gateway asks for whole seconds.
		return (retryAfterMillis > 0) ? retryAfterMillis + jitter(1000)
				: jitter(Math.min(30_000, (long) FIRST_MILLIS << Math.min(attempts, 10)));
	}

	private static long jitter(long millis) {
		return ThreadLocalRandom.current().nextLong(millis + 1);
	}

}

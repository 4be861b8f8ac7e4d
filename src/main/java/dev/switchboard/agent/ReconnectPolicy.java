package dev.switchboard.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Decides the delay before the next attempt to connect. The delay is random. The longest
 * possible delay is called the window. The window begins at {@code min}, and each ending
 * doubles it, up to {@code max}. After a connection that was of use, the window begins at
 * {@code min} again. Full jitter draws the delay between 0 and the window, and back-off
 * draws it between half the window and the window. Not thread-safe.
 */
final class ReconnectPolicy {

	private static final long MINUTE = Duration.ofMinutes(1).toMillis();

	private static final long TEN_MINUTES = Duration.ofMinutes(10).toMillis();

	private static final long HOUR = Duration.ofHours(1).toMillis();

	private static final long DAY = Duration.ofDays(1).toMillis();

	private static final int MOST_DOUBLINGS = 20;

	private final RandomGenerator random;

	private long minMillis;

	private long maxMillis;

	/** The number of endings in a row, without those that do not count. */
	private int endings;

	private int redirects;

	/**
	 * @param min the shortest window, until a gateway's welcome replaces it
	 * @param max the longest window, until a gateway's welcome replaces it
	 */
	ReconnectPolicy(RandomGenerator random, Duration min, Duration max) {
		this.random = random;
		bounds(min.toMillis(), max.toMillis());
	}

	void welcomed(Frame.Welcome welcome) {
		bounds(welcome.reconnectMinMillis(), welcome.reconnectMaxMillis());
	}

	private void bounds(long min, long max) {
		this.minMillis = Math.clamp(min, 1, TEN_MINUTES);
		this.maxMillis = Math.clamp(max, this.minMillis, HOUR);
	}

	/**
	 * Returns the delay until the next attempt, or null if no attempt shall follow.
	 * @param othersLeft whether there are URLs that have not failed since the agent was
	 * last connected. If there are, an attempt that finds no gateway, or gets a status of
	 * 500 or more, does not count as an ending
	 */
	@Nullable Duration delayAfter(Ending ending, boolean othersLeft) {
		Long millis = switch (ending) {
			case Ending.Closed closed -> afterClose(closed);
			case Ending.Refused refused -> afterRefusal(refused, othersLeft);
			case Ending.Unreachable ignored -> afterNoAnswer(othersLeft);
			case Ending.Redirected ignored -> afterRedirect();
			case Ending.Leaving leaving -> Long.valueOf(Math.clamp(leaving.goAway().reconnectAfterMillis(), 0, HOUR));
		};
		return (millis != null) ? Duration.ofMillis(millis) : null;
	}

	// After some redirects the agent waits, so that gateways that redirect in a circle
	// cause no busy loop.
	private Long afterRedirect() {
		this.redirects++;
		return (this.redirects % (Targets.MOST_REDIRECTS + 1) == 0) ? afterNoAnswer(false) : Long.valueOf(0);
	}

	private Long afterNoAnswer(boolean othersLeft) {
		if (!othersLeft) {
			this.endings++;
		}
		return fullJitter();
	}

	private @Nullable Long afterClose(Ending.Closed closed) {
		if (closed.wasOfUse()) {
			this.endings = 0;
		}
		if (counts(closed.code())) {
			this.endings++;
		}
		return switch (DisconnectReason.reconnectAfter(closed.code())) {
			case JITTER, FRESH_TOKEN -> fullJitter();
			case BACKOFF -> backOff(this.maxMillis);
			case LONG_BACKOFF -> backOff(Math.max(this.maxMillis, MINUTE));
			case TEN_MINUTES -> atLeast(TEN_MINUTES);
			case UNLESS_OURS -> closed.byThisProcess() ? null : atLeast(MINUTE);
			case ONCE_A_DAY -> DAY + this.random.nextLong(HOUR);
		};
	}

	/**
	 * Whether an ending with this close code counts. If not, the gateway has closed the
	 * connection for a reason that has nothing to do with the agent.
	 */
	private static boolean counts(int code) {
		return code != DisconnectReason.NODE_LEAVING.code() && code != DisconnectReason.NODE_RESTARTS.code()
				&& code != DisconnectReason.REBALANCE.code() && code != DisconnectReason.BY_OPERATOR.code();
	}

	private Long afterRefusal(Ending.Refused refused, boolean othersLeft) {
		Duration retryAfter = refused.retryAfter();
		if (retryAfter != null) {
			// Adds a random part of a second, since the gateway sends whole seconds.
			return retryAfter.toMillis() + this.random.nextLong(1000);
		}
		if (refused.status() >= 500 && othersLeft) {
			return fullJitter();
		}
		this.endings++;
		return backOff((refused.status() == 403) ? Math.max(this.maxMillis, MINUTE) : this.maxMillis);
	}

	private Long fullJitter() {
		return this.random.nextLong(window(this.maxMillis) + 1);
	}

	private Long backOff(long ceiling) {
		long window = window(ceiling);
		return window - this.random.nextLong(window / 2 + 1);
	}

	private Long atLeast(long millis) {
		return millis + this.random.nextLong(millis / 2);
	}

	private long window(long ceiling) {
		return Math.min(this.minMillis << Math.min(this.endings, MOST_DOUBLINGS), ceiling);
	}

}

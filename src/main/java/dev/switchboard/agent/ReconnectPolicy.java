package dev.switchboard.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;

import org.jspecify.annotations.Nullable;

/**
 * Decides the delay before the next attempt to connect. The delay is random, and its
 * upper end is called the window. The window is {@code min} after the first connection or
 * attempt that ends, and doubles with each further one, up to {@code max}. It is
 * {@code min} again after a connection that was open for {@code max}. Full jitter draws
 * the delay from 0 to the window, back-off from half the window to the window. Not
 * thread-safe.
 */
final class ReconnectPolicy {

	private static final long MINUTE = Duration.ofMinutes(1).toMillis();

	private static final long TEN_MINUTES = Duration.ofMinutes(10).toMillis();

	private static final int MOST_DOUBLINGS = 20;

	private final RandomGenerator random;

	private long minMillis;

	private long maxMillis;

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
		this.maxMillis = Math.clamp(max, this.minMillis, 6 * TEN_MINUTES);
	}

	/** Returns the delay until the next attempt, or null if there is to be none. */
	@Nullable Duration delayAfter(Ending ending) {
		Long millis = switch (ending) {
			case Ending.Closed closed -> afterClose(closed);
			case Ending.Refused refused -> afterRefusal(refused);
			case Ending.Unreachable _ -> fullJitter();
			case Ending.Redirected _ -> afterRedirect();
			case Ending.Leaving leaving -> Long.valueOf(leaving.goAway().reconnectAfterMillis());
		};
		return (millis != null) ? Duration.ofMillis(millis) : null;
	}

	// After some redirects the agent waits, so that gateways that redirect in a circle
	// cause no busy loop.
	private Long afterRedirect() {
		this.redirects++;
		return (this.redirects % (Targets.MOST_REDIRECTS + 1) == 0) ? fullJitter() : Long.valueOf(0);
	}

	private @Nullable Long afterClose(Ending.Closed closed) {
		if (closed.lived().toMillis() >= this.maxMillis) {
			this.endings = 0;
		}
		return switch (DisconnectReason.reconnectAfter(closed.code())) {
			case JITTER, FRESH_TOKEN -> fullJitter();
			case BACKOFF -> backOff(this.maxMillis);
			case LONG_BACKOFF -> backOff(Math.max(this.maxMillis, MINUTE));
			case TEN_MINUTES -> atLeast(TEN_MINUTES);
			case UNLESS_OURS -> closed.byThisProcess() ? null : atLeast(MINUTE);
			case NEVER -> null;
		};
	}

	private Long afterRefusal(Ending.Refused refused) {
		Duration retryAfter = refused.retryAfter();
		if (retryAfter != null) {
			// Adds a random part of a second, since the gateway sends whole seconds.
			return retryAfter.toMillis() + this.random.nextLong(1000);
		}
		return switch (refused.status()) {
			case 401, 503 -> fullJitter();
			default -> backOff(Math.max(this.maxMillis, MINUTE));
		};
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
		long window = this.minMillis << Math.min(this.endings, MOST_DOUBLINGS);
		this.endings++;
		return Math.min(window, ceiling);
	}

}

package dev.switchboard.agent;

import java.net.URI;
import java.time.Duration;

import dev.switchboard.protocol.Frame;

import org.jspecify.annotations.Nullable;

/** How an attempt to connect, or the connection that it led to, has ended. */
sealed interface Ending {

	/** The close code that stands for a lost socket (RFC 6455 section 7.4.1). */
	int LOST = 1006;

	/**
	 * A connection has closed.
	 *
	 * @param code the close code, or {@link #LOST}
	 * @param reason the close reason, or how the socket was lost
	 * @param byThisProcess whether this process opened a newer connection of the agent
	 * @param lived how long the connection was open
	 * @param answered whether a call was answered on it
	 */
	record Closed(int code, String reason, boolean byThisProcess, Duration lived, boolean answered) implements Ending {

		private static final Duration MINUTE = Duration.ofMinutes(1);

		/**
		 * Whether the connection worked for so long, or so well, that earlier endings no
		 * longer count.
		 */
		boolean wasOfUse() {
			return this.answered || this.lived.compareTo(MINUTE) >= 0;
		}

	}

	/** The gateway asks the agent to connect again; the connection finishes its calls. */
	record Leaving(Frame.GoAway goAway) implements Ending {
	}

	/**
	 * The gateway answered the handshake with an HTTP status that is neither 101 nor a
	 * redirect.
	 *
	 * @param retryAfter the delay of {@code Retry-After}, or null
	 */
	record Refused(int status, @Nullable Duration retryAfter, Throwable cause) implements Ending {
	}

	/** The gateway answered the handshake with 307 and a URL. */
	record Redirected(URI location) implements Ending {
	}

	/** No answer came, or the answer did not come from a gateway. */
	record Unreachable(Throwable cause) implements Ending {
	}

}

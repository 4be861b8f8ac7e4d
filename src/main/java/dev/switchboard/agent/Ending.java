package dev.switchboard.agent;

import java.net.URI;
import java.time.Duration;

import dev.switchboard.protocol.Frame;

import org.jspecify.annotations.Nullable;

/** How an attempt to be connected came to its end. */
sealed interface Ending {

	/** The close code that stands for a lost socket (RFC 6455 section 7.4.1). */
	int LOST = 1006;

	/**
	 * A connection has closed.
	 *
	 * @param code the close code, or {@link #LOST}
	 * @param byThisProcess whether this process opened a newer connection of the agent
	 * @param lived how long it was open
	 */
	record Closed(int code, boolean byThisProcess, Duration lived) implements Ending {
	}

	/** The gateway asks to connect anew; the connection goes on with its calls. */
	record Leaving(Frame.GoAway goAway) implements Ending {
	}

	/**
	 * The handshake was answered with another status than 101.
	 *
	 * @param retryAfter what {@code Retry-After} asked for, or null
	 */
	record Refused(int status, @Nullable Duration retryAfter) implements Ending {
	}

	/** The handshake was answered 307. */
	record Redirected(URI location) implements Ending {
	}

	/** There was no answer, or none of a gateway's. */
	record Unreachable(String why) implements Ending {
	}

}

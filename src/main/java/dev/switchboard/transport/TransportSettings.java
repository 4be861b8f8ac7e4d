package dev.switchboard.transport;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * The bounds of a session.
 *
 * @param message the bounds on each message
 * @param closeTimeout how long a closing session waits for the peer's Close frame
 * @param closeDiscard how many bytes a closing session reads and discards before it
 * closes the socket
 * @param lowWatermark the number of unsent bytes below which a waiting publisher is asked
 * for more
 * @param highWatermark the number of unsent bytes above which the publisher has to wait
 * @param detach whether an epoll socket without TLS may leave its channel, which saves a
 * kilobyte for each connection
 */
public record TransportSettings(MessageBounds message, Duration closeTimeout, long closeDiscard, int lowWatermark,
		int highWatermark, boolean detach) {

	public TransportSettings {
		Assert.isTrue(closeTimeout.isPositive(), "closeTimeout must be positive");
		Assert.isTrue(closeDiscard >= 0, "closeDiscard must not be negative");
		Assert.isTrue(lowWatermark > 0 && lowWatermark <= highWatermark, "0 < lowWatermark <= highWatermark");
	}

	/**
	 * Makes settings in which closing may take five seconds and 64 MiB, the watermarks
	 * are 16 and 32 KiB, and sockets leave their channels.
	 */
	public TransportSettings(MessageBounds message) {
		this(message, Duration.ofSeconds(5), 64 << 20, 16 << 10, 32 << 10, true);
	}

	/** Makes settings that bound messages in bytes only. */
	public TransportSettings(int maxBytes) {
		this(MessageBounds.ofBytes(maxBytes));
	}

	/** Returns the same settings, but with this value of {@code detach}. */
	public TransportSettings withDetach(boolean detach) {
		return new TransportSettings(this.message, this.closeTimeout, this.closeDiscard, this.lowWatermark,
				this.highWatermark, detach);
	}

}

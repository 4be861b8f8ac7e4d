package dev.switchboard.transport;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * The bounds on one message of a peer.
 *
 * @param maxBytes the largest number of bytes in a message, all fragments together
 * @param maxSkipped the largest number of bytes over {@code maxBytes} that the session
 * reads and discards to keep the connection open. A longer message closes the connection
 * with 1009. With 0, each message over {@code maxBytes} does so
 * @param maxFragments the largest number of frames in a message
 * @param maxTime how long a message may take to come, from its first frame on
 * @param breach the close code for a message that has too many fragments or takes too
 * long; RFC 6455 has no code for such a message
 */
public record MessageBounds(int maxBytes, long maxSkipped, int maxFragments, Duration maxTime, int breach) {

	private static final int POLICY_VIOLATION = 1008;

	public MessageBounds {
		Assert.isTrue(maxBytes > 0, "maxBytes must be positive");
		Assert.isTrue(maxSkipped >= 0, "maxSkipped must not be negative");
		Assert.isTrue(maxFragments > 0, "maxFragments must be positive");
		Assert.isTrue(maxTime.isPositive(), "maxTime must be positive");
	}

	/** Bounds the bytes only; a message that is too long closes the session. */
	public static MessageBounds ofBytes(int maxBytes) {
		return new MessageBounds(maxBytes, 0, Integer.MAX_VALUE, Duration.ofDays(1), POLICY_VIOLATION);
	}

}

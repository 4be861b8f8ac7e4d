package dev.switchboard.connection;

import java.time.Duration;

import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.transport.MessageBounds;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of every agent's connection.
 *
 * @param heartbeat the silence of an agent after which the gateway pings it; after twice
 * as much silence the gateway closes the connection
 * @param maxFrame the largest message, in either direction
 * @param maxQueued the bytes that may wait for a slow agent
 * @param reconnectMin the smallest upper bound of the random delay before an agent
 * reconnects; the bound doubles with each ending in a row, except endings that do not
 * count
 * @param reconnectMax the largest bound that the doubling reaches
 */
@Validated
@ConfigurationProperties("switchboard.agent")
public record ConnectionSettings(@DefaultValue("30s") @DurationMin(millis = 100) Duration heartbeat,
		@DefaultValue("256KB") DataSize maxFrame, @DefaultValue("1MB") DataSize maxQueued,
		@DefaultValue("1s") @DurationMin(millis = 1) Duration reconnectMin,
		@DefaultValue("60s") @DurationMin(millis = 1) Duration reconnectMax) {

	/**
	 * A message over the frame limit is skipped if it exceeds the limit by at most this
	 * number of bytes. A longer message closes the connection.
	 */
	private static final long MAX_SKIPPED = DataSize.ofMegabytes(64).toBytes();

	private static final int MAX_FRAGMENTS = 1024;

	/** How long a message may take to come, from its first byte on. */
	static final Duration MAX_MESSAGE_TIME = Duration.ofSeconds(30);

	/** Returns the bounds on each message of an agent. */
	public MessageBounds messageBounds() {
		return new MessageBounds(maxFrameBytes(), MAX_SKIPPED, MAX_FRAGMENTS, MAX_MESSAGE_TIME,
				DisconnectReason.PROTOCOL_VIOLATION.code());
	}

	/** Returns the size of the largest message in bytes. */
	public int maxFrameBytes() {
		return Math.toIntExact(this.maxFrame.toBytes());
	}

}

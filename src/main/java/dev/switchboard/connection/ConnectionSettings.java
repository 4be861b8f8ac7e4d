package dev.switchboard.connection;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of every agent's connection.
 *
 * @param heartbeat after this much silence the gateway pings; after twice as much it
 * closes
 * @param maxFrame the largest message, in either direction
 * @param maxQueued the bytes that may wait for a slow agent
 * @param reconnectMin the bound of an agent's first jittered delay before it reconnects
 * @param reconnectMax the bound that no such delay exceeds
 */
@Validated
@ConfigurationProperties("switchboard.agent")
public record ConnectionSettings(@DefaultValue("30s") @DurationMin(millis = 100) Duration heartbeat,
		@DefaultValue("256KB") DataSize maxFrame, @DefaultValue("1MB") DataSize maxQueued,
		@DefaultValue("1s") @DurationMin(millis = 1) Duration reconnectMin,
		@DefaultValue("60s") @DurationMin(millis = 1) Duration reconnectMax) {

	/** The largest message in bytes. */
	public int maxFrameBytes() {
		return Math.toIntExact(this.maxFrame.toBytes());
	}

}

package dev.switchboard.connection;

import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The agent port and what holds for every connection on it.
 *
 * @param port where agents connect; 0 takes any free one
 * @param address the interface it listens on; all of them when unset
 * @param heartbeat after this much silence the gateway pings, after twice as much it
 * closes
 * @param maxFrame the largest message, either way
 * @param maxQueued bytes that may wait for a slow agent
 * @param handshakeRate handshakes that this node accepts a second
 * @param tenantHandshakeRate those of one tenant; as many as of the node when unset
 * @param placement what becomes of a handshake for an agent that another node holds
 * @param handshakeTimeout within which a handshake must be whole
 * @param publicUrl where agents reach this node by itself
 * @param reconnectMin the least upper bound of an agent's jittered delays
 * @param reconnectMax the greatest
 */
@Validated
@ConfigurationProperties("switchboard.agent")
public record AgentSettings(@DefaultValue("8090") @Min(0) @Max(65535) int port, @Nullable String address,
		@DefaultValue("30s") @DurationMin(millis = 100) Duration heartbeat, @DefaultValue("256KB") DataSize maxFrame,
		@DefaultValue("1MB") DataSize maxQueued, @DefaultValue("5000") @Positive int handshakeRate,
		@Nullable @Positive Integer tenantHandshakeRate, @DefaultValue("newest") PlacementRule placement,
		@DefaultValue("10s") @DurationMin(millis = 100) Duration handshakeTimeout, @Nullable String publicUrl,
		@DefaultValue("1s") @DurationMin(millis = 1) Duration reconnectMin,
		@DefaultValue("60s") @DurationMin(millis = 1) Duration reconnectMax) {

	/** How many handshakes a second a tenant may have. */
	public int handshakeRateOfTenant() {
		return (this.tenantHandshakeRate != null) ? this.tenantHandshakeRate : this.handshakeRate;
	}

}

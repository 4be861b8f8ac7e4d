package dev.switchboard.quota;

import jakarta.validation.constraints.PositiveOrZero;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The quotas of tenants that have none of their own, each for one tenant and the whole
 * cluster.
 *
 * @param connections open connections of agents
 * @param handshakesPerSecond handshakes of agents in a second
 * @param callsInFlight calls that wait
 * @param callsPerSecond calls and pushes in a second
 * @param bytesPerSecond bytes of messages to and from agents in a second
 * @param eventsPerSecond events of agents in a second
 * @param durablePushes durable pushes that wait
 */
@Validated
@ConfigurationProperties("switchboard.tenants")
public record QuotaSettings(@DefaultValue("1000000") @PositiveOrZero long connections,
		@DefaultValue("5000") @PositiveOrZero long handshakesPerSecond,
		@DefaultValue("100000") @PositiveOrZero long callsInFlight,
		@DefaultValue("50000") @PositiveOrZero long callsPerSecond,
		@DefaultValue("1000000000") @PositiveOrZero long bytesPerSecond,
		@DefaultValue("20000") @PositiveOrZero long eventsPerSecond,
		@DefaultValue("100000") @PositiveOrZero long durablePushes) {

	/** Returns the quotas of a tenant that has none of its own. */
	public Quotas quotas() {
		return Quotas.of((quota) -> switch (quota) {
			case CONNECTIONS -> this.connections;
			case HANDSHAKES_PER_SECOND -> this.handshakesPerSecond;
			case CALLS_IN_FLIGHT -> this.callsInFlight;
			case CALLS_PER_SECOND -> this.callsPerSecond;
			case BYTES_PER_SECOND -> this.bytesPerSecond;
			case EVENTS_PER_SECOND -> this.eventsPerSecond;
			case DURABLE_PUSHES -> this.durablePushes;
		});
	}

}

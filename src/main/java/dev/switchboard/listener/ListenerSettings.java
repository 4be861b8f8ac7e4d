package dev.switchboard.listener;

import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What the ports bear of their peers.
 *
 * @param headTimeout how long the head of a request may take, from its first byte, and a
 * handshake of TLS
 * @param bodyTimeout how long the body of a request may take, from the end of its head
 * @param stallTimeout how long a peer may take less than 32 KB of an answer that waits
 * for it
 * @param maxApiConnections the connections of the API port
 * @param maxManagementConnections the connections of the management port
 * @param maxForwardingConnections the connections of the forwarding port
 * @param maxHandshakes the connections of the agent port whose handshake is not complete
 * @param sourceShare the part of a port's connections that one network may have, in
 * percent
 */
@Validated
@ConfigurationProperties("switchboard.listener")
public record ListenerSettings(@DefaultValue("10s") @DurationMin(millis = 100) Duration headTimeout,
		@DefaultValue("30s") @DurationMin(millis = 100) Duration bodyTimeout,
		@DefaultValue("30s") @DurationMin(millis = 100) Duration stallTimeout,
		@DefaultValue("20000") @Positive int maxApiConnections,
		@DefaultValue("500") @Positive int maxManagementConnections,
		@DefaultValue("2000") @Positive int maxForwardingConnections,
		@DefaultValue("40000") @Positive int maxHandshakes, @DefaultValue("50") @Min(1) @Max(100) int sourceShare) {
}

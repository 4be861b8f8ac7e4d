package dev.switchboard.node;

import java.time.Duration;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of this node.
 *
 * @param lease how long this node's heartbeat may stand still before other nodes declare
 * this node dead
 * @param capacity the most connections that this node takes
 * @param address the host at which other nodes reach this node's forwarding port; null
 * for this machine's own address. In {@code dev} mode the default is loopback
 * @param zone the place of this node, such as the availability zone of a cloud; other
 * nodes and operators see it
 */
@Validated
@ConfigurationProperties("switchboard.node")
public record NodeSettings(@DefaultValue("15s") @DurationMin(seconds = 1) @DurationMax(hours = 1) Duration lease,
		@DefaultValue("200000") @Min(1) int capacity, @Nullable @Size(min = 1, max = 255) String address,
		@Nullable @Size(min = 1, max = 128) String zone) {
}

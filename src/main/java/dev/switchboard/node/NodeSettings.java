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
 * This node, as its operator describes it.
 *
 * @param lease how long after its last heartbeat a node is dead
 * @param capacity how many connections it takes
 * @param address the host at which other nodes reach its forwarding port; null means this
 * machine's address, and loopback in {@code dev}
 */
@Validated
@ConfigurationProperties("switchboard.node")
public record NodeSettings(@DefaultValue("15s") @DurationMin(seconds = 1) @DurationMax(hours = 1) Duration lease,
		@DefaultValue("200000") @Min(1) int capacity, @Nullable @Size(min = 1, max = 255) String address) {
}

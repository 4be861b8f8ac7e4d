package dev.switchboard.event;

import java.time.Duration;

import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The event log as this node keeps it.
 *
 * @param retention how long the log keeps events
 * @param maxQueued how many bytes of events may wait on this node to be stored; beyond
 * that, agents are asked to send their events later
 * @param maxQueuedPerAgent how many events of one agent may wait to be stored
 * @param maxStreams how many requests may follow the log on this node at a time
 */
@Validated
@ConfigurationProperties("switchboard.events")
public record EventSettings(@DefaultValue("24h") @DurationMin(minutes = 1) Duration retention,
		@DefaultValue("64MB") DataSize maxQueued, @DefaultValue("1000") @Min(1) int maxQueuedPerAgent,
		@DefaultValue("10000") @Min(1) int maxStreams) {
}

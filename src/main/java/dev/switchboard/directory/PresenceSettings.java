package dev.switchboard.directory;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Whether the directory records the changes of agents' presence for the event log.
 *
 * @param presence whether there are events of agents that connect and disconnect
 * @param offlineAfter how long an agent is away until an event says that it is offline
 */
@Validated
@ConfigurationProperties("switchboard.events")
public record PresenceSettings(@DefaultValue("true") boolean presence,
		@DefaultValue("60s") @DurationMin(seconds = 1) Duration offlineAfter) {
}

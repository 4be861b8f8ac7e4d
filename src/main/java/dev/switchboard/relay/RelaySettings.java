package dev.switchboard.relay;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Relays on this node.
 *
 * @param lease how long a relay belongs to a node that is not heard of; another node
 * takes it over then
 */
@Validated
@ConfigurationProperties("switchboard.events.relays")
record RelaySettings(@DefaultValue("10s") @DurationMin(seconds = 3) Duration lease) {
}

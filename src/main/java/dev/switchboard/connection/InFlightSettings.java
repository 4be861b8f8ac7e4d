package dev.switchboard.connection;

import jakarta.validation.constraints.Positive;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How many calls an agent has at once.
 *
 * @param maxInFlightPerAgent calls that may wait on one connection
 */
@Validated
@ConfigurationProperties("switchboard.call")
record InFlightSettings(@DefaultValue("64") @Positive int maxInFlightPerAgent) {
}

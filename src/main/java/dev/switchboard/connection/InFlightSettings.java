package dev.switchboard.connection;

import jakarta.validation.constraints.Positive;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The limit on an agent's calls in flight.
 *
 * @param maxInFlightPerAgent the number of calls that may wait on one connection at a
 * time
 */
@Validated
@ConfigurationProperties("switchboard.call")
record InFlightSettings(@DefaultValue("64") @Positive int maxInFlightPerAgent) {
}

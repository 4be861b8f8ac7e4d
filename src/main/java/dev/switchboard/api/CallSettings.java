package dev.switchboard.api;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of requests.
 *
 * @param defaultWait how long a request waits if it does not say how long
 */
@Validated
@ConfigurationProperties("switchboard.call")
record CallSettings(@DefaultValue("10s") @DurationMin(millis = 1) @DurationMax(seconds = 300) Duration defaultWait) {
}

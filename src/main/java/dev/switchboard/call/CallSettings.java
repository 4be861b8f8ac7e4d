package dev.switchboard.call;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What holds for calls that do not say otherwise.
 *
 * @param defaultWait how long a caller waits for the result
 */
@Validated
@ConfigurationProperties("switchboard.call")
public record CallSettings(
		@DefaultValue("10s") @DurationMin(millis = 1) @DurationMax(seconds = 300) Duration defaultWait) {
}

package dev.switchboard.drain;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of a drain.
 *
 * @param announce how long readiness is off before agents are asked to move, so that load
 * balancers notice it; shorter than {@code within}
 * @param within how long a drain may take, the announcement included
 */
@Validated
@ConfigurationProperties("switchboard.drain")
public record DrainSettings(@DefaultValue("5s") @DurationMin(millis = 0) @DurationMax(minutes = 10) Duration announce,
		@DefaultValue("50s") @DurationMin(millis = 100) @DurationMax(hours = 1) Duration within) {
}

package dev.switchboard.aws;

import java.time.Duration;

import jakarta.validation.constraints.Pattern;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of the metric in CloudWatch by which an Auto Scaling group scales.
 *
 * @param namespace the namespace of the metric; if unset, there is no metric
 * @param interval the pause between two values
 */
@Validated
@ConfigurationProperties("switchboard.aws.cloud-watch")
record CapacityMetricSettings(@Nullable @Pattern(regexp = "(?!AWS/)[A-Za-z0-9._/#:-]{1,255}") String namespace,
		@DefaultValue("60s") @DurationMin(seconds = 1) @DurationMax(hours = 1) Duration interval) {
}

package dev.switchboard.relay;

import java.time.Duration;
import java.util.List;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Webhooks.
 *
 * @param retryFor how long a delivery is tried again; then it is a dead letter
 * @param firstRetry the mean pause after the first failure; it doubles with each failure
 * @param longestPause the largest mean pause
 * @param timeout how long a receiver may take for its answer, and the way to it
 * @param allowedNetworks networks (CIDR) that are not public and are allowed all the
 * same, by http too
 * @param maxPerTenant how many webhooks a tenant may have
 * @param maxConcurrent how many requests to one webhook may be on their way at a time
 * @param maxDeadLetters how many dead letters of a webhook are kept
 */
@Validated
@ConfigurationProperties("switchboard.events.webhooks")
record WebhookSettings(@DefaultValue("24h") @DurationMin(seconds = 1) Duration retryFor,
		@DefaultValue("2s") @DurationMin(millis = 10) Duration firstRetry,
		@DefaultValue("10m") @DurationMin(millis = 10) Duration longestPause,
		@DefaultValue("15s") @DurationMin(millis = 100) Duration timeout, @DefaultValue List<String> allowedNetworks,
		@DefaultValue("100") @Min(1) @Max(1000) int maxPerTenant,
		@DefaultValue("16") @Min(1) @Max(256) int maxConcurrent,
		@DefaultValue("500") @Min(1) @Max(1000) int maxDeadLetters) {
}

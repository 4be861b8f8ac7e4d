package dev.switchboard.push;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The limits on durable pushes.
 *
 * @param maxOnTheWay how many pushes may be on their way to an agent at a time, sent and
 * not acknowledged
 * @param maxWaitingPerAgent how many pushes may wait for an agent
 * @param maxWaitingPerTenant how many pushes may wait for all agents of a tenant
 */
@Validated
@ConfigurationProperties("switchboard.push")
record PushSettings(@DefaultValue("16") @Min(1) @Max(100) int maxOnTheWay,
		@DefaultValue("100") @Min(1) @Max(10_000) int maxWaitingPerAgent,
		@DefaultValue("100000") @Positive int maxWaitingPerTenant) {
}

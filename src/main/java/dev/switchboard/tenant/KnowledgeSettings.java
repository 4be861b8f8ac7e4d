package dev.switchboard.tenant;

import java.time.Duration;

import jakarta.validation.constraints.Positive;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How much the nodes remember of who is kept out.
 *
 * @param maxRevocations the most agents that are revoked at a time, in the whole cluster,
 * since each node has all of them in memory
 * @param maxSettings the most tenants that have settings
 * @param startWait how long a node that starts takes no agents while it does not know yet
 * who is revoked
 */
@Validated
@ConfigurationProperties("switchboard.tenants")
public record KnowledgeSettings(@DefaultValue("100000") @Positive int maxRevocations,
		@DefaultValue("10000") @Positive int maxSettings,
		@DefaultValue("5s") @DurationMin(millis = 0) Duration startWait) {
}

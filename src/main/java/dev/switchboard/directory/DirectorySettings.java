package dev.switchboard.directory;

import java.time.Duration;

import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How this node uses the directory.
 *
 * @param retention the time after which the directory forgets an agent that was not seen
 * again
 * @param maxQueuedClaims how many claims and releases may wait for a database that is
 * away or slow; while so many wait, claims are refused
 * ({@link AgentDirectory#isCongested})
 */
@Validated
@ConfigurationProperties("switchboard.directory")
public record DirectorySettings(@DefaultValue("90d") @DurationMin(minutes = 1) Duration retention,
		@DefaultValue("200000") @Min(1) int maxQueuedClaims) {
}

package dev.switchboard.database;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How many connections to the database this node makes.
 *
 * @param poolSize connections for statements that callers wait for; four more are kept
 * for heartbeats and claims, which must not queue behind callers
 */
@Validated
@ConfigurationProperties("switchboard.directory")
record PoolSettings(@DefaultValue("8") @Min(1) @Max(1000) int poolSize) {
}

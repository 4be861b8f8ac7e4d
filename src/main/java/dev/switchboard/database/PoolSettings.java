package dev.switchboard.database;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of the connections to the database.
 *
 * @param poolSize the most connections for statements that callers wait for; there are
 * four more for heartbeats and claims, which must not wait until callers' statements have
 * ended
 */
@Validated
@ConfigurationProperties("switchboard.directory")
record PoolSettings(@DefaultValue("8") @Min(1) @Max(1000) int poolSize) {
}

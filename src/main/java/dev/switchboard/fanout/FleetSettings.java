package dev.switchboard.fanout;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The limits of fleet calls and fleet pushes on this node.
 *
 * @param maxRunning the most that run at a time
 * @param maxSelected the most agents that a selector may select
 * @param maxInFlight the most calls and pushes of all of them that are in flight at a
 * time; further ones wait
 * @param maxStoring the most durable pushes of all of them that are being stored at a
 * time, each counted once for each 32 KiB; further ones wait
 */
@Validated
@ConfigurationProperties("switchboard.fleet")
record FleetSettings(@DefaultValue("100") @Min(1) @Max(10_000) int maxRunning,
		@DefaultValue("100000") @Min(1) @Max(1_000_000) int maxSelected,
		@DefaultValue("10000") @Min(1) @Max(1_000_000) int maxInFlight,
		@DefaultValue("200") @Min(1) @Max(800) int maxStoring) {
}

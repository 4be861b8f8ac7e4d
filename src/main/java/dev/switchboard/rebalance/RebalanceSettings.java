package dev.switchboard.rebalance;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of the rebalance.
 *
 * @param enabled whether this node begins a rebalance by itself
 * @param threshold a rebalance begins if a node differs from the mean by more than this
 * part of the mean
 * @param rate which part of its agents a node asks to move in a second
 */
@Validated
@ConfigurationProperties("switchboard.rebalance")
record RebalanceSettings(@DefaultValue("true") boolean enabled,
		@DefaultValue("0.1") @DecimalMin("0.05") @DecimalMax("1") double threshold,
		@DefaultValue("0.01") @DecimalMin("0.0001") @DecimalMax("1") double rate) {
}

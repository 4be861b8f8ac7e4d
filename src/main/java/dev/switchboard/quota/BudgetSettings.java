package dev.switchboard.quota;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The budget of bytes that this node holds for its peers, in the heap and outside it.
 *
 * @param bytes the budget; two fifths of the largest heap when unset
 * @param tenantShare the percentage of the budget that one tenant may use
 */
@Validated
@ConfigurationProperties("switchboard.budget")
record BudgetSettings(@Nullable DataSize bytes, @DefaultValue("50") @Min(1) @Max(100) int tenantShare) {

	long limit() {
		return (this.bytes != null) ? this.bytes.toBytes() : Runtime.getRuntime().maxMemory() / 5 * 2;
	}

	long limitOfTenant() {
		return Math.max(1, limit() / 100 * this.tenantShare);
	}

}

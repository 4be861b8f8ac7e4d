package dev.switchboard.tenant;

import java.util.Map;

import dev.switchboard.quota.Quota;

/**
 * The settings of a tenant. Immutable.
 *
 * @param tenant the tenant
 * @param enabled whether its agents may connect and be called
 * @param quotas the quotas that it has of its own; the others are the defaults
 */
public record TenantSettings(String tenant, boolean enabled, Map<Quota, Long> quotas) {

	public TenantSettings {
		quotas = Map.copyOf(quotas);
	}

	/** Returns the settings of a tenant for which nothing was ever set. */
	static TenantSettings unset(String tenant) {
		return new TenantSettings(tenant, true, Map.of());
	}

}

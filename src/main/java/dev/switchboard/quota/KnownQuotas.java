package dev.switchboard.quota;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The quotas of tenants, in memory: the defaults, and what some tenants have of their
 * own. Thread-safe.
 */
public final class KnownQuotas implements TenantQuotas {

	private final Quotas defaults;

	private final Map<String, Quotas> own = new ConcurrentHashMap<>();

	/**
	 * @param defaults the quotas of a tenant that has none of its own
	 */
	public KnownQuotas(Quotas defaults) {
		this.defaults = defaults;
	}

	@Override
	public Quotas of(String tenant) {
		return this.own.isEmpty() ? this.defaults : this.own.getOrDefault(tenant, this.defaults);
	}

	@Override
	public Quotas defaults() {
		return this.defaults;
	}

	/**
	 * Sets the quotas that a tenant has of its own. The others are the defaults.
	 * @param quotas the tenant's own quotas; empty if it has none
	 */
	public void set(String tenant, Map<Quota, Long> quotas) {
		if (quotas.isEmpty()) {
			this.own.remove(tenant);
		}
		else {
			this.own.put(tenant, this.defaults.with(quotas));
		}
	}

}

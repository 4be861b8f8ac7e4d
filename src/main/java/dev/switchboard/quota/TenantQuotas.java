package dev.switchboard.quota;

/**
 * Knows the quotas of tenants. The answers come from memory, so a change reaches them
 * after up to two seconds. Thread-safe.
 */
public interface TenantQuotas {

	/**
	 * Returns the quotas of a tenant. Called at each use of a quota, so it is cheap: one
	 * look into a map, which is usually empty.
	 */
	Quotas of(String tenant);

	/** Returns the quotas of a tenant that has none of its own. */
	Quotas defaults();

}

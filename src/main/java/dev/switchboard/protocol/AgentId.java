package dev.switchboard.protocol;

/**
 * An agent's identity: an id that is stable within its tenant. Both parts are
 * case-sensitive and compare by their bytes.
 *
 * @param tenant the customer that the agent belongs to
 * @param agent the agent's id within the tenant
 */
public record AgentId(String tenant, String agent) {

	/**
	 * @throws IllegalArgumentException if a part is not 1 to 128 characters out of
	 * {@code A-Z a-z 0-9 . _ : -} or starts with a dot; the message is fit for a caller
	 */
	public AgentId {
		requireTenant(tenant);
		Identifiers.require("agent", agent);
	}

	/**
	 * Checks a tenant by itself.
	 * @return the tenant
	 * @throws IllegalArgumentException as the constructor
	 */
	public static String requireTenant(String tenant) {
		return Identifiers.require("tenant", tenant);
	}

	@Override
	public String toString() {
		return this.tenant + "/" + this.agent;
	}

}

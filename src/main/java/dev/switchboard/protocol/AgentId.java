package dev.switchboard.protocol;

/**
 * An agent's identity, which is stable across its connections. Both parts are
 * case-sensitive.
 *
 * @param tenant the customer that the agent belongs to
 * @param agent the agent's id, unique within the tenant
 */
public record AgentId(String tenant, String agent) {

	/**
	 * @throws IllegalArgumentException if a part is not 1 to 128 characters out of
	 * {@code A-Z a-z 0-9 . _ : -} or starts with a dot; the message may be shown to a
	 * caller
	 */
	public AgentId {
		requireTenant(tenant);
		Identifiers.require("agent", agent);
	}

	/**
	 * Checks a tenant without an agent, by the rule of the constructor.
	 * @return the tenant
	 * @throws IllegalArgumentException if the tenant breaks this rule
	 */
	public static String requireTenant(String tenant) {
		return Identifiers.require("tenant", tenant);
	}

	/**
	 * Reads an agent in the form of {@link #toString}.
	 * @throws IllegalArgumentException if the text is not in this form
	 */
	public static AgentId parse(String text) {
		int slash = text.indexOf('/');
		return new AgentId(text.substring(0, Math.max(0, slash)), text.substring(slash + 1));
	}

	/** Whether the text can be the id of a tenant or of an agent. */
	public static boolean isIdentifier(String text) {
		return Identifiers.isValid(text);
	}

	@Override
	public String toString() {
		return this.tenant + "/" + this.agent;
	}

}

package dev.switchboard.tenant;

import dev.switchboard.protocol.AgentId;

/** Lets tests of other rooms keep agents out. */
public final class KeptOut {

	private KeptOut() {
	}

	/** Revokes an agent, as if this node had just read it. */
	public static void revoke(Admittance admittance, AgentId agent) {
		admittance.revoke(agent);
	}

	/** Disables a tenant, as if this node had just read it. */
	public static void disable(Admittance admittance, String tenant) {
		admittance.disable(tenant);
	}

}

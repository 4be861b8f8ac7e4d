package dev.switchboard.contract;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A tenant and an agent's id in it.
 *
 * @param tenant the tenant
 * @param agent the agent's id
 */
record Identity(String tenant, String agent) {

	private static final AtomicInteger MADE = new AtomicInteger();

	/** One that no other test uses. */
	static Identity fresh() {
		int number = MADE.incrementAndGet();
		return new Identity("tenant-" + number, "agent-" + number);
	}

	String path() {
		return "/v1/tenants/" + this.tenant + "/agents/" + this.agent;
	}

	String calls() {
		return path() + "/calls";
	}

	String pushes() {
		return path() + "/pushes";
	}

	/** The headers that claim this identity in {@code dev} mode. */
	String[] headers() {
		return new String[] { "Switchboard-Tenant", this.tenant, "Switchboard-Agent", this.agent };
	}

}

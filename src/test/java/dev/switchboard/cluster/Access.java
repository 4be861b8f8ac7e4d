package dev.switchboard.cluster;

import java.util.Map;
import java.util.function.Function;

import dev.switchboard.protocol.AgentId;

/**
 * The headers by which a cluster's agents and callers say who they are.
 *
 * @param agents an agent's
 * @param callers every caller's
 */
record Access(Function<AgentId, Map<String, String>> agents, Map<String, String> callers) {

	/** In {@code dev} mode. */
	static Access claimed() {
		return new Access((agent) -> Map.of("Switchboard-Tenant", agent.tenant(), "Switchboard-Agent", agent.agent()),
				Map.of());
	}

}

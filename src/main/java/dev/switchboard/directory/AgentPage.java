package dev.switchboard.directory;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Some agents of a tenant, in the order of their ids' bytes.
 *
 * @param agents the agents
 * @param next the id after which the next page begins; null on the last page
 */
public record AgentPage(List<AgentRecord> agents, @Nullable String next) {

	public AgentPage {
		agents = List.copyOf(agents);
	}

}

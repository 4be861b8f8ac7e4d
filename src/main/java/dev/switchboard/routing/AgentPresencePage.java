package dev.switchboard.routing;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A page of a tenant's agents.
 *
 * @param agents the agents, in the order of their ids
 * @param next the id after which the next page begins; null on the last page
 */
public record AgentPresencePage(List<AgentPresence> agents, @Nullable String next) {

	public AgentPresencePage {
		agents = List.copyOf(agents);
	}

}

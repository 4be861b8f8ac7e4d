package dev.switchboard.directory;

import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Some agents of a tenant, in the order of their ids' bytes.
 *
 * @param <T> how an agent is described
 * @param agents the agents
 * @param next the id after which the next page begins; null on the last page
 */
public record AgentPage<T>(List<T> agents, @Nullable String next) {

	public AgentPage {
		agents = List.copyOf(agents);
	}

	/** The same page, with each agent in another form. */
	public <R> AgentPage<R> map(Function<? super T, ? extends R> describe) {
		return new AgentPage<>(this.agents.stream().<R>map(describe).toList(), this.next);
	}

}

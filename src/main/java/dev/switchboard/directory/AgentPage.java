package dev.switchboard.directory;

import java.util.List;
import java.util.function.Function;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list of a tenant's agents, in the order of the bytes of their ids.
 *
 * @param <T> the form in which the page has each agent
 * @param agents the agents
 * @param next the id after which the next page begins; null on the last page
 */
public record AgentPage<T>(List<T> agents, @Nullable String next) {

	public AgentPage {
		agents = List.copyOf(agents);
	}

	/**
	 * Returns a page of what was found.
	 * @param found up to one agent more than fit on the page
	 * @param limit the most agents on the page
	 * @param id gives the id of an agent in the page's form
	 */
	public static <T> AgentPage<T> of(List<T> found, int limit, Function<? super T, AgentId> id) {
		List<T> agents = found.subList(0, Math.min(found.size(), limit));
		return new AgentPage<>(agents, (found.size() > limit) ? id.apply(agents.getLast()).agent() : null);
	}

	/** Returns a page with the same agents, each turned into another form. */
	public <R> AgentPage<R> map(Function<? super T, ? extends R> describe) {
		return new AgentPage<>(this.agents.stream().<R>map(describe).toList(), this.next);
	}

}

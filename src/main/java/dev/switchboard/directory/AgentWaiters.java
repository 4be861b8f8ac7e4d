package dev.switchboard.directory;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Waiters for a value about an agent. All waiters for one agent share one entry, which is
 * removed with the last of them. Thread-safe.
 *
 * @param <V> the value that they wait for
 */
public final class AgentWaiters<V> {

	private final Map<AgentId, Entry<V>> entries = new ConcurrentHashMap<>();

	private static final class Entry<V> {

		private final Sinks.One<V> value = Sinks.one();

		private int waiters;

	}

	/**
	 * Waits for the agent's next value, from the subscription on. Cancelling it ends the
	 * wait.
	 * @return completes with the value that is announced; never empty, never fails
	 */
	public Mono<V> await(AgentId agent) {
		return await(agent, () -> null);
	}

	/**
	 * Waits for the agent's next value unless there is one at the subscription.
	 * @param present the value that there is; null if there is none
	 * @return as {@link #await(AgentId)}
	 */
	public Mono<V> await(AgentId agent, Supplier<? extends @Nullable V> present) {
		return Mono.defer(() -> {
			// Joins before it looks, so that no value between the two is missed.
			Entry<V> entry = join(agent);
			V value = present.get();
			Mono<V> next = (value != null) ? Mono.just(value) : entry.value.asMono();
			return next.doFinally((_) -> leave(agent, entry));
		});
	}

	/** Ends every wait for the agent with this value. */
	public void announce(AgentId agent, V value) {
		Entry<V> entry = this.entries.remove(agent);
		if (entry != null) {
			entry.value.tryEmitValue(value);
		}
	}

	/** The agents that are waited for. */
	public List<AgentId> agents() {
		return List.copyOf(this.entries.keySet());
	}

	private Entry<V> join(AgentId agent) {
		return this.entries.compute(agent, (_, present) -> {
			Entry<V> entry = (present != null) ? present : new Entry<>();
			entry.waiters++;
			return entry;
		});
	}

	private void leave(AgentId agent, Entry<V> entry) {
		this.entries.computeIfPresent(agent,
				(_, present) -> (present == entry && --present.waiters == 0) ? null : present);
	}

}

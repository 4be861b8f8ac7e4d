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
 * The subscribers that wait for a value about an agent. All waiters for one agent share
 * one entry, which is removed when its last waiter leaves. Thread-safe.
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
	 * Waits for the next value that is announced for the agent after the subscription.
	 * Cancelling ends the wait.
	 * @return the announced value; never empty, and never an error
	 */
	public Mono<V> await(AgentId agent) {
		return await(agent, () -> null);
	}

	/**
	 * Returns the value that is present at the subscription, or else waits for the next
	 * value that is announced.
	 * @param present looks for the present value; gives null if there is none
	 * @return the present or announced value; never empty
	 */
	public Mono<V> await(AgentId agent, Supplier<? extends @Nullable V> present) {
		return Mono.defer(() -> {
			// The waiter joins before it looks for a present value, so that it misses no
			// value that is announced in between.
			Entry<V> entry = join(agent);
			V value = present.get();
			Mono<V> next = (value != null) ? Mono.just(value) : entry.value.asMono();
			return next.doFinally((_) -> leave(agent, entry));
		});
	}

	/** Gives the value to all waiters for the agent, which ends their waits. */
	public void announce(AgentId agent, V value) {
		Entry<V> entry = this.entries.remove(agent);
		if (entry != null) {
			entry.value.tryEmitValue(value);
		}
	}

	/** Returns the agents that have waiters. */
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

package dev.switchboard.directory;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.switchboard.database.Batcher;
import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

/**
 * Collects lookups of agents into common statements. While {@link #LANES} statements are
 * on their way, new lookups wait and then share the next statement. Lookups of one agent
 * become one. A waiting lookup is dropped when all its subscribers have cancelled, so the
 * queue does not grow while the database is silent. Thread-safe.
 */
final class LookupCoalescer {

	/** The most agents that one statement looks up. */
	static final int MAX_BATCH = 500;

	/**
	 * The most statements on their way at a time. One would not be enough: a statement on
	 * a connection that died silently has no answer for seconds.
	 */
	static final int LANES = 4;

	private final Function<List<AgentId>, Mono<List<AgentRecord>>> read;

	private final Batcher<Lookup> batches = new Batcher<>(MAX_BATCH, LANES, (_) -> Duration.ZERO, this::send);

	/** The lookups that are not on their way yet; further subscribers may join them. */
	private final Map<AgentId, Lookup> queued = new HashMap<>();

	/** The lookup of one agent, for all its subscribers. */
	private static final class Lookup {

		private final AgentId agent;

		private final CompletableFuture<@Nullable AgentRecord> answer = new CompletableFuture<>();

		private int waiting;

		private Lookup(AgentId agent) {
			this.agent = agent;
		}

		/**
		 * Returns the answer. A failure passes through the future as a value, so that
		 * Reactor does not log it as dropped when no subscriber is left.
		 */
		private Mono<AgentRecord> answer() {
			return Mono.fromFuture(this.answer.handle(Lookup::signal), true).dematerialize();
		}

		private static Signal<AgentRecord> signal(@Nullable AgentRecord found, @Nullable Throwable failure) {
			if (failure != null) {
				return Signal.error(failure);
			}
			return (found != null) ? Signal.next(found) : Signal.complete();
		}

	}

	/**
	 * Makes an empty queue of lookups, which reads nothing.
	 * @param read looks agents up; its result lacks those that were never seen
	 */
	LookupCoalescer(Function<List<AgentId>, Mono<List<AgentRecord>>> read) {
		this.read = read;
	}

	/**
	 * Looks an agent up. The row is read after the subscription.
	 * @return the agent; empty if it was never seen
	 */
	Mono<AgentRecord> find(AgentId agent) {
		return Mono.defer(() -> {
			Lookup lookup = join(agent);
			this.batches.sendNext();
			return lookup.answer().doOnCancel(() -> leave(lookup));
		});
	}

	private synchronized Lookup join(AgentId agent) {
		Lookup lookup = this.queued.computeIfAbsent(agent, this::queue);
		lookup.waiting++;
		return lookup;
	}

	private Lookup queue(AgentId agent) {
		Lookup lookup = new Lookup(agent);
		this.batches.add(lookup);
		return lookup;
	}

	private synchronized void leave(Lookup lookup) {
		if (--lookup.waiting == 0) {
			this.queued.remove(lookup.agent, lookup);
			this.batches.remove(lookup);
		}
	}

	/** Returns how many agents wait to be looked up. */
	int depth() {
		return this.batches.depth();
	}

	private Mono<Void> send(List<Lookup> batch) {
		departed(batch);
		return this.read.apply(batch.stream().map((lookup) -> lookup.agent).toList())
			.doOnNext((found) -> answer(batch, found))
			.doOnError((failure) -> batch.forEach((lookup) -> lookup.answer.completeExceptionally(failure)))
			.then();
	}

	private synchronized void departed(List<Lookup> batch) {
		batch.forEach((lookup) -> this.queued.remove(lookup.agent, lookup));
	}

	private static void answer(List<Lookup> batch, List<AgentRecord> found) {
		Map<AgentId, AgentRecord> records = found.stream()
			.collect(Collectors.toMap(AgentRecord::agent, Function.identity()));
		batch.forEach((lookup) -> lookup.answer.complete(records.get(lookup.agent)));
	}

}

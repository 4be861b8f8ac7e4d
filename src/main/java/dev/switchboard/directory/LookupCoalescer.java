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
 * Group commit for reads: while a few reads are on their way, new lookups collect, and go
 * together in the next read. Lookups of one agent are joined. A lookup whose subscribers
 * have all cancelled is dropped, so a silent database makes no queue. Thread-safe.
 */
final class LookupCoalescer {

	/** Agents that one statement looks up. */
	static final int MAX_BATCH = 500;

	/** More than one, since a connection that died silently blocks its read. */
	static final int LANES = 4;

	private final Function<List<AgentId>, Mono<List<AgentRecord>>> read;

	private final Batcher<Lookup> batches = new Batcher<>(MAX_BATCH, LANES, (_) -> Duration.ZERO, this::send);

	/** The lookups that may still be joined, since they are not on their way. */
	private final Map<AgentId, Lookup> queued = new HashMap<>();

	/** The lookup of one agent, for all its subscribers. */
	private static final class Lookup {

		private final AgentId agent;

		private final CompletableFuture<@Nullable AgentRecord> answer = new CompletableFuture<>();

		private int waiting;

		private Lookup(AgentId agent) {
			this.agent = agent;
		}

		/** Travels as a value, so that Reactor logs no failure as dropped. */
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
	 * Describes the lookups, and reads nothing.
	 * @param read reads some agents' rows; agents that were never seen have none
	 */
	LookupCoalescer(Function<List<AgentId>, Mono<List<AgentRecord>>> read) {
		this.read = read;
	}

	/**
	 * Looks an agent up; empty if it was never seen. The record is read after the
	 * subscription.
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

	/** How many agents wait to be looked up. */
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

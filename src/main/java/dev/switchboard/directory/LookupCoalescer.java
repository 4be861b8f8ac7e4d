package dev.switchboard.directory;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

/**
 * Group commit turned around: a few reads are on their way, and whoever asks meanwhile
 * goes in the next, together. Who asks for an agent that others wait for joins them; who
 * stops waiting leaves no trace, so that a silent database makes no queue. Thread-safe.
 */
final class LookupCoalescer {

	static final int MAX_BATCH = 500;

	/** More than one, since a connection that has died silently holds its read up. */
	static final int LANES = 4;

	private final Function<List<AgentId>, Mono<List<AgentRecord>>> read;

	private final Map<AgentId, Lookup> queue = new LinkedHashMap<>();

	private int underway;

	/** An agent that is to be looked up, for as many as wait for it. */
	private static final class Lookup {

		private final AgentId agent;

		private final CompletableFuture<@Nullable AgentRecord> answer = new CompletableFuture<>();

		private int waiting;

		private Lookup(AgentId agent) {
			this.agent = agent;
		}

	}

	/**
	 * @param read reads some agents' rows; those that were never seen have none
	 */
	LookupCoalescer(Function<List<AgentId>, Mono<List<AgentRecord>>> read) {
		this.read = read;
	}

	/** Looks an agent up, as it is now or later; empty if it was never seen. */
	Mono<AgentRecord> find(AgentId agent) {
		return Mono.defer(() -> {
			Lookup lookup = join(agent);
			sendNext();
			return answer(lookup).doOnCancel(() -> leave(lookup));
		});
	}

	/**
	 * A failure travels as a value, so that one which nobody waits for any more is not
	 * logged as dropped.
	 */
	private static Mono<AgentRecord> answer(Lookup lookup) {
		return Mono.fromFuture(lookup.answer.handle(LookupCoalescer::signal), true).dematerialize();
	}

	private static Signal<AgentRecord> signal(@Nullable AgentRecord found, @Nullable Throwable failure) {
		if (failure != null) {
			return Signal.error(failure);
		}
		return (found != null) ? Signal.next(found) : Signal.complete();
	}

	private synchronized Lookup join(AgentId agent) {
		Lookup lookup = this.queue.computeIfAbsent(agent, Lookup::new);
		lookup.waiting++;
		return lookup;
	}

	private synchronized void leave(Lookup lookup) {
		if (--lookup.waiting == 0) {
			this.queue.remove(lookup.agent, lookup);
		}
	}

	/** How many agents wait to be asked for. */
	synchronized int depth() {
		return this.queue.size();
	}

	private void sendNext() {
		List<Lookup> batch = nextBatch();
		if (!batch.isEmpty()) {
			Mono.defer(() -> this.read.apply(batch.stream().map((lookup) -> lookup.agent).toList()))
				.doFinally((signal) -> sendAfter())
				.subscribe((found) -> answer(batch, found),
						(failure) -> batch.forEach((lookup) -> lookup.answer.completeExceptionally(failure)));
		}
	}

	private synchronized List<Lookup> nextBatch() {
		if (this.underway == LANES || this.queue.isEmpty()) {
			return List.of();
		}
		this.underway++;
		List<Lookup> batch = new ArrayList<>(Math.min(MAX_BATCH, this.queue.size()));
		Iterator<Lookup> waiting = this.queue.values().iterator();
		while (waiting.hasNext() && batch.size() < MAX_BATCH) {
			batch.add(waiting.next());
			waiting.remove();
		}
		return batch;
	}

	private void sendAfter() {
		synchronized (this) {
			this.underway--;
		}
		sendNext();
	}

	private static void answer(List<Lookup> batch, List<AgentRecord> found) {
		Map<AgentId, AgentRecord> records = found.stream()
			.collect(Collectors.toMap(AgentRecord::agent, Function.identity()));
		batch.forEach((lookup) -> lookup.answer.complete(records.get(lookup.agent)));
	}

}

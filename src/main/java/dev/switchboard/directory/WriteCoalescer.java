package dev.switchboard.directory;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;

import dev.switchboard.database.Batcher;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Collects claims and releases ("writes") into batches. While one batch is on its way,
 * new writes wait and then go into the next batch, in order. If the database is away, the
 * batch is sent again, with back-off, until it is stored. Thread-safe.
 */
final class WriteCoalescer {

	private static final Logger logger = LoggerFactory.getLogger(WriteCoalescer.class);

	/** The most claims and releases in one statement. */
	static final int MAX_BATCH = 1000;

	/**
	 * The size from which a batch belongs to a storm. After a smaller batch, the next one
	 * does not wait for more writes.
	 */
	static final int FEW = 10;

	private static final Duration PAUSE_A_WRITE = Duration.ofMillis(4);

	static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

	private static final IntFunction<Duration> GROWING = Batcher.growing(PAUSE_A_WRITE, LONGEST_PAUSE);

	private final Function<List<AgentWrite>, Mono<Predicate<AgentWrite>>> store;

	private final int maxQueuedClaims;

	private final Backoff untilStored;

	private final Batcher<AgentWrite> batches = new Batcher<>(MAX_BATCH, 1, WriteCoalescer::pause, this::send);

	/** All writes that are queued or on their way. */
	private final SequencedSet<AgentWrite> pending = new LinkedHashSet<>();

	/** The last of the pending writes of each agent. */
	private final Map<AgentId, AgentWrite> latest = new HashMap<>();

	/**
	 * Makes a queue. It is empty, and sends nothing before the first write.
	 * @param store stores a batch in order, and gives a test: whether a write's
	 * connection holds the agent after the batch
	 * @param maxQueuedClaims how many writes may be queued before claims are refused;
	 * releases are never refused, since each follows a claim
	 * @param chance spreads the pauses between tries
	 */
	WriteCoalescer(Function<List<AgentWrite>, Mono<Predicate<AgentWrite>>> store, int maxQueuedClaims, Chance chance) {
		this.store = store;
		this.maxQueuedClaims = maxQueuedClaims;
		this.untilStored = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), chance);
	}

	/**
	 * Returns how long the next batch collects writes: 4 ms for each write of the last
	 * batch, half a second at most. If more than 250 writes a second come (one in 4 ms),
	 * batches and pauses grow. In the end there are two batches a second, or more if each
	 * is full.
	 */
	private static Duration pause(int stored) {
		return (stored < FEW) ? Duration.ZERO : GROWING.apply(stored);
	}

	/**
	 * Queues a write.
	 * @return completes as {@link AgentWrite#done} does; an error of
	 * {@link DatabaseUnavailableException} for a claim while {@link #isCongested}
	 */
	Mono<Boolean> write(AgentWrite write) {
		if (!enqueue(write)) {
			return Mono.error(new DatabaseUnavailableException("too many claims wait for the directory", null));
		}
		this.batches.sendNext();
		return Mono.fromFuture(write.done());
	}

	/** Returns how many writes are queued or on their way. */
	synchronized int depth() {
		return this.pending.size();
	}

	boolean isCongested() {
		return this.batches.depth() >= this.maxQueuedClaims;
	}

	/** Whether a write of the agent is queued or on its way. */
	synchronized boolean isWriting(AgentId agent) {
		return this.latest.containsKey(agent);
	}

	/**
	 * Returns a signal that completes when the agent's writes queued so far are stored or
	 * withdrawn.
	 */
	synchronized Mono<Void> settled(AgentId agent) {
		return ended(this.latest.get(agent));
	}

	/**
	 * Returns a signal that completes when all writes queued so far are stored or
	 * withdrawn.
	 */
	synchronized Mono<Void> settled() {
		return ended(
				this.pending.reversed().stream().filter((write) -> !write.done().isDone()).findFirst().orElse(null));
	}

	private static Mono<Void> ended(@Nullable AgentWrite write) {
		return (write != null) ? Mono.fromFuture(write.done().handle((_, _) -> true), true).then() : Mono.empty();
	}

	private boolean enqueue(AgentWrite write) {
		@Nullable AgentWrite previous;
		synchronized (this) {
			if (write.isClaim() && isCongested()) {
				return false;
			}
			this.pending.add(write);
			this.batches.add(write);
			previous = this.latest.put(write.claim().agent(), write);
		}
		if (previous != null && previous.isClaim() && !write.isClaim() && previous.isSameConnection(write)) {
			// The release alone leaves the same row as the claim followed by the release.
			previous.done().complete(true);
		}
		return true;
	}

	private Mono<Void> send(List<AgentWrite> batch) {
		return Mono.defer(() -> store(batch))
			.retryWhen(this.untilStored.whileFailing(DatabaseUnavailableException.class::isInstance,
					WriteCoalescer::logFirst))
			.doOnError((failure) -> fail(batch, failure))
			.onErrorComplete()
			.doOnTerminate(() -> forget(batch));
	}

	private Mono<Void> store(List<AgentWrite> batch) {
		List<AgentWrite> wanted = batch.stream().filter((write) -> !write.done().isDone()).toList();
		if (wanted.isEmpty()) {
			return Mono.empty();
		}
		return this.store.apply(wanted)
			.doOnNext((holds) -> wanted.forEach((write) -> write.done().complete(holds.test(write))))
			.then();
	}

	private static void logFirst(Throwable failure, long before) {
		if (before == 0) {
			logger.warn("Claims wait to be stored: {}", failure.getMessage());
		}
	}

	/**
	 * Fails the writes of a batch. The database is not away: the failure is a defect of
	 * the code. So sending the batch again would not help.
	 */
	private static void fail(List<AgentWrite> batch, Throwable failure) {
		logger.error("Claims not stored", failure);
		batch.forEach((write) -> write.done().completeExceptionally(failure));
	}

	private synchronized void forget(List<AgentWrite> batch) {
		batch.forEach((write) -> {
			this.pending.remove(write);
			this.latest.remove(write.claim().agent(), write);
		});
	}

}

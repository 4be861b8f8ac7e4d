package dev.switchboard.directory;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Function;
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
 * Group commit for claims and releases: one batch is on its way, and the writes that come
 * meanwhile go in the next. A batch is sent again, with back-off, until it is stored; the
 * order is kept. Thread-safe.
 */
final class WriteCoalescer {

	private static final Logger logger = LoggerFactory.getLogger(WriteCoalescer.class);

	/** Claims and releases in one statement. */
	static final int MAX_BATCH = 1000;

	/** A batch of fewer writes is no storm, so the next batch does not wait for more. */
	static final int FEW = 10;

	private static final Duration PAUSE_A_WRITE = Duration.ofMillis(4);

	static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

	private final Function<List<AgentWrite>, Mono<Predicate<AgentWrite>>> store;

	private final int maxQueuedClaims;

	private final Backoff untilStored;

	private final Batcher<AgentWrite> batches = new Batcher<>(MAX_BATCH, 1, WriteCoalescer::pause, this::send);

	/** Every write that is queued or on its way. */
	private final SequencedSet<AgentWrite> pending = new LinkedHashSet<>();

	/** The last one of each agent. */
	private final Map<AgentId, AgentWrite> latest = new HashMap<>();

	/**
	 * Describes the writes, and sends nothing.
	 * @param store stores a batch in order; says which claims then hold their agents
	 * @param maxQueuedClaims the number of queued claims beyond which claims are refused;
	 * releases are never refused, since each follows a claim
	 * @param chance spreads the pauses between tries
	 */
	WriteCoalescer(Function<List<AgentWrite>, Mono<Predicate<AgentWrite>>> store, int maxQueuedClaims, Chance chance) {
		this.store = store;
		this.maxQueuedClaims = maxQueuedClaims;
		this.untilStored = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), chance);
	}

	/**
	 * The more writes a batch had, the longer the next one collects. From some 250 writes
	 * a second on, batches and pauses grow together, so that a storm becomes two
	 * statements a second, or full statements.
	 */
	private static Duration pause(int stored) {
		if (stored < FEW) {
			return Duration.ZERO;
		}
		Duration pause = PAUSE_A_WRITE.multipliedBy(stored);
		return (pause.compareTo(LONGEST_PAUSE) < 0) ? pause : LONGEST_PAUSE;
	}

	/** Queues a write. */
	Mono<Boolean> write(AgentWrite write) {
		if (!enqueue(write)) {
			return Mono.error(new DatabaseUnavailableException("too many claims wait for the directory", null));
		}
		this.batches.sendNext();
		return Mono.fromFuture(write.done());
	}

	/** How many writes are queued or on their way. */
	synchronized int depth() {
		return this.pending.size();
	}

	boolean isCongested() {
		return this.batches.depth() >= this.maxQueuedClaims;
	}

	/** Completes when the agent's writes queued so far are stored or given up. */
	synchronized Mono<Void> settled(AgentId agent) {
		return ended(this.latest.get(agent));
	}

	/** Completes when all writes queued so far are stored or given up. */
	synchronized Mono<Void> settled() {
		return ended(
				this.pending.reversed().stream().filter((write) -> !write.done().isDone()).findFirst().orElse(null));
	}

	private static Mono<Void> ended(@Nullable AgentWrite write) {
		return (write != null) ? Mono.fromFuture(write.done(), true).onErrorComplete().then() : Mono.empty();
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
		if (previous != null && previous.isClaim() && previous.isSameConnection(write)) {
			// The release alone leaves the same row as the claim and the release.
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

	/** A defect of ours made the batch fail, so sending it again would not help. */
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

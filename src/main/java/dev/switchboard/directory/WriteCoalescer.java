package dev.switchboard.directory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

import dev.switchboard.database.DirectoryUnavailableException;
import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Group commit for claims and releases: one batch is on its way, and whatever queued
 * meanwhile goes in the next. A batch is sent again, with back-off, until it is stored;
 * order is kept. Thread-safe.
 */
public final class WriteCoalescer {

	private static final Logger logger = LoggerFactory.getLogger(WriteCoalescer.class);

	static final int MAX_BATCH = 1000;

	/** Fewer in a batch are no storm, and nothing waits for more of them. */
	static final int FEW = 10;

	private static final Duration PAUSE_A_WRITE = Duration.ofMillis(4);

	static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

	private final Function<List<AgentWrite>, Mono<Predicate<AgentWrite>>> store;

	private final int maxQueuedClaims;

	private final Deque<AgentWrite> queue = new ArrayDeque<>();

	/** The last write of each agent that is not stored yet. */
	private final Map<AgentId, AgentWrite> latest = new HashMap<>();

	private List<AgentWrite> sent = List.of();

	/** Whether more is waited for before the next batch. */
	private boolean pausing;

	/**
	 * @param store stores a batch in order, and tells which claims then hold their agents
	 * @param maxQueuedClaims beyond which claims are refused; releases never are, since
	 * each one follows a claim
	 */
	WriteCoalescer(Function<List<AgentWrite>, Mono<Predicate<AgentWrite>>> store, int maxQueuedClaims) {
		this.store = store;
		this.maxQueuedClaims = maxQueuedClaims;
	}

	/** Queues a write. */
	Mono<Boolean> write(AgentWrite write) {
		if (!enqueue(write)) {
			return Mono.error(new DirectoryUnavailableException("too many claims wait for the directory", null));
		}
		sendNext();
		return Mono.fromFuture(write.done());
	}

	synchronized int depth() {
		return this.queue.size() + this.sent.size();
	}

	synchronized boolean isCongested() {
		return this.queue.size() >= this.maxQueuedClaims;
	}

	/** Completes when what is queued now for the agent is stored or given up. */
	synchronized Mono<Void> settled(AgentId agent) {
		return ended(this.latest.get(agent));
	}

	/** Completes when whatever is queued now is stored or given up. */
	synchronized Mono<Void> settled() {
		AgentWrite last = lastWanted(this.queue.descendingIterator());
		return ended((last != null) ? last : lastWanted(this.sent.reversed().iterator()));
	}

	private static Mono<Void> ended(@Nullable AgentWrite write) {
		return (write != null) ? Mono.fromFuture(write.done(), true).onErrorComplete().then() : Mono.empty();
	}

	private static @Nullable AgentWrite lastWanted(Iterator<AgentWrite> backwards) {
		while (backwards.hasNext()) {
			AgentWrite write = backwards.next();
			if (!write.done().isDone()) {
				return write;
			}
		}
		return null;
	}

	private boolean enqueue(AgentWrite write) {
		@Nullable AgentWrite previous;
		synchronized (this) {
			if (write.isClaim() && isCongested()) {
				return false;
			}
			this.queue.add(write);
			previous = this.latest.put(write.claim().agent(), write);
		}
		if (previous != null && previous.isClaim() && previous.isSameConnection(write)) {
			previous.done().complete(true); // its release leaves what both would
		}
		return true;
	}

	private void sendNext() {
		List<AgentWrite> batch = nextBatch();
		if (!batch.isEmpty()) {
			Mono.defer(() -> send(batch))
				.retryWhen(untilStored())
				.doOnError((failure) -> fail(batch, failure))
				.onErrorComplete()
				.doOnTerminate(this::forgetSent)
				.subscribe((ignored) -> {
				}, null, () -> sendAfter(batch.size()));
		}
	}

	/**
	 * The more there were, the longer the next are collected: from some 250 writes a
	 * second on batches grow with their pauses, and a storm becomes two statements a
	 * second, or full ones.
	 */
	private void sendAfter(int stored) {
		if (stored < FEW) {
			sendNext();
			return;
		}
		Duration pause = PAUSE_A_WRITE.multipliedBy(stored);
		pauseFor((pause.compareTo(LONGEST_PAUSE) < 0) ? pause : LONGEST_PAUSE);
		sendNext(); // if that is full
	}

	private void pauseFor(Duration pause) {
		synchronized (this) {
			this.pausing = true;
		}
		Mono.delay(pause).subscribe((ignored) -> {
			synchronized (this) {
				this.pausing = false;
			}
			sendNext();
		});
	}

	private static Retry untilStored() {
		return Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100))
			.maxBackoff(Duration.ofSeconds(5))
			.filter(DirectoryUnavailableException.class::isInstance)
			.doBeforeRetry((retry) -> {
				if (retry.totalRetries() == 0) {
					logger.warn("Claims wait to be stored: {}", retry.failure().getMessage());
				}
			});
	}

	/** The batch broke something of ours: sending it again would not help. */
	private static void fail(List<AgentWrite> batch, Throwable failure) {
		logger.error("Claims not stored", failure);
		batch.forEach((write) -> write.done().completeExceptionally(failure));
	}

	/** Takes what is to be sent; nothing while something is on its way. */
	private synchronized List<AgentWrite> nextBatch() {
		if (!this.sent.isEmpty() || (this.pausing && this.queue.size() < MAX_BATCH)) {
			return List.of();
		}
		List<AgentWrite> batch = new ArrayList<>(Math.min(this.queue.size(), MAX_BATCH));
		while (batch.size() < MAX_BATCH && !this.queue.isEmpty()) {
			batch.add(this.queue.remove());
		}
		this.sent = batch;
		return batch;
	}

	private synchronized void forgetSent() {
		this.sent.forEach((write) -> this.latest.remove(write.claim().agent(), write));
		this.sent = List.of();
	}

	private Mono<Void> send(List<AgentWrite> batch) {
		List<AgentWrite> wanted = batch.stream().filter((write) -> !write.done().isDone()).toList();
		if (wanted.isEmpty()) {
			return Mono.empty();
		}
		return this.store.apply(wanted)
			.doOnNext((won) -> wanted.forEach((write) -> write.done().complete(won.test(write))))
			.then();
	}

}

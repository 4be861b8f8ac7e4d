package dev.switchboard.database;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;

import reactor.core.publisher.Mono;

/**
 * Group commit: while batches are on their way, the next one collects. Items are sent in
 * the order in which they were added. Thread-safe.
 *
 * @param <T> what is sent; one item is queued once
 */
public final class Batcher<T> {

	private final int maxBatch;

	private final int lanes;

	private final IntFunction<Duration> pauseAfter;

	private final Function<List<T>, Mono<Void>> send;

	private final Set<T> queue = new LinkedHashSet<>();

	private int underway;

	/** Whether the next batch waits for more items, unless it is full. */
	private boolean pausing;

	/** How many pauses there were. */
	private long pauses;

	/**
	 * Describes the batches, and sends nothing.
	 * @param maxBatch the most items in a batch
	 * @param lanes the most batches on their way at a time
	 * @param pauseAfter how long to collect after a batch of this size
	 * @param send sends a batch; the next one goes when it ends, even by an error
	 */
	public Batcher(int maxBatch, int lanes, IntFunction<Duration> pauseAfter, Function<List<T>, Mono<Void>> send) {
		this.maxBatch = maxBatch;
		this.lanes = lanes;
		this.pauseAfter = pauseAfter;
		this.send = send;
	}

	/** Queues an item; {@link #sendNext} is to follow. */
	public synchronized void add(T item) {
		this.queue.add(item);
	}

	/** Takes an item out of the queue, if it is not on its way. */
	public synchronized void remove(T item) {
		this.queue.remove(item);
	}

	/** How many items are queued; those on their way do not count. */
	public synchronized int depth() {
		return this.queue.size();
	}

	/** Sends the next batch, if it may go now. */
	public void sendNext() {
		List<T> batch = nextBatch();
		if (!batch.isEmpty()) {
			Mono.defer(() -> this.send.apply(batch))
				.onErrorComplete()
				.doOnTerminate(() -> sendAfter(batch.size()))
				.subscribe();
		}
	}

	private synchronized List<T> nextBatch() {
		if (this.underway == this.lanes || (this.pausing && this.queue.size() < this.maxBatch)) {
			return List.of();
		}
		List<T> batch = new ArrayList<>(Math.min(this.queue.size(), this.maxBatch));
		Iterator<T> queued = this.queue.iterator();
		while (queued.hasNext() && batch.size() < this.maxBatch) {
			batch.add(queued.next());
			queued.remove();
		}
		if (!batch.isEmpty()) {
			this.underway++;
		}
		return batch;
	}

	private void sendAfter(int sent) {
		Duration next = this.pauseAfter.apply(sent);
		if (next.isPositive()) {
			collectFor(next);
		}
		synchronized (this) {
			this.underway--;
		}
		sendNext();
	}

	/**
	 * A pause that a full batch has overtaken must not end the pause after that batch.
	 */
	private void collectFor(Duration time) {
		long pause = startPause();
		Mono.delay(time).subscribe((_) -> {
			endPause(pause);
			sendNext();
		});
	}

	private synchronized long startPause() {
		this.pausing = true;
		return ++this.pauses;
	}

	private synchronized void endPause(long pause) {
		if (pause == this.pauses) {
			this.pausing = false;
		}
	}

}

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
 * Collects items into batches (group commit): while batches are on their way, new items
 * wait and then go into the next batch. Items are sent in the order in which they were
 * added. Thread-safe.
 *
 * @param <T> the type of the items; an item that is queued already is not queued again
 */
public final class Batcher<T> {

	private final int maxBatch;

	private final int lanes;

	private final IntFunction<Duration> pauseAfter;

	private final Function<List<T>, Mono<Void>> send;

	private final Set<T> queue = new LinkedHashSet<>();

	private int underway;

	/** Whether there is a pause. During a pause only full batches are sent. */
	private boolean pausing;

	/** How many pauses have begun. This is also the number of the latest pause. */
	private long pauses;

	/**
	 * Makes an empty queue, which sends nothing.
	 * @param maxBatch the most items in a batch
	 * @param lanes how many batches may be on their way at a time
	 * @param pauseAfter gives the length of the pause after a batch, from the batch's
	 * size
	 * @param send sends a batch; when that has completed or failed, the next batch may go
	 */
	public Batcher(int maxBatch, int lanes, IntFunction<Duration> pauseAfter, Function<List<T>, Mono<Void>> send) {
		this.maxBatch = maxBatch;
		this.lanes = lanes;
		this.pauseAfter = pauseAfter;
		this.send = send;
	}

	/**
	 * Returns pauses that grow with the batches. The more items there were, the longer
	 * the next ones wait for company, so that an item costs a small part of a statement.
	 * @param each the pause for each item of the last batch
	 * @param longest the longest pause
	 */
	public static IntFunction<Duration> growing(Duration each, Duration longest) {
		return (items) -> {
			Duration pause = each.multipliedBy(items);
			return (pause.compareTo(longest) < 0) ? pause : longest;
		};
	}

	/** Queues an item. The caller then calls {@link #sendNext}. */
	public synchronized void add(T item) {
		this.queue.add(item);
	}

	/** Removes an item from the queue. Does nothing if the item is already on its way. */
	public synchronized void remove(T item) {
		this.queue.remove(item);
	}

	/** Returns how many items are queued. Those on their way do not count. */
	public synchronized int depth() {
		return this.queue.size();
	}

	/**
	 * Sends the next batch. Does nothing if no item is queued, if as many batches as
	 * allowed are on their way, or if there is a pause and the batch is not full.
	 */
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
	 * Begins a pause. A full batch is sent even during a pause, and begins a pause of its
	 * own. So only the end of the latest pause counts.
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

package dev.switchboard.event;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The newest batches of one tenant, which its followers on this node share. Thread-safe.
 */
final class TenantFeed {

	private static final long NOT_STARTED = Long.MAX_VALUE;

	private final Deque<Kept> kept = new ArrayDeque<>();

	/** Batches with later numbers are kept. */
	private long since = NOT_STARTED;

	private boolean ended;

	private int followers;

	private Sinks.Empty<Void> change = Sinks.empty();

	/**
	 * A batch that is kept.
	 *
	 * @param number its number
	 * @param entries its entries
	 */
	private record Kept(long number, List<EventEntry> entries) {

		/** Whether the batch has an entry after a place. */
		boolean isAfter(EventPosition position) {
			return this.entries.getLast().position().compareTo(position) > 0;
		}

	}

	synchronized void join() {
		this.followers++;
	}

	/** Takes a follower off, and returns whether it was the last one. */
	synchronized boolean leave() {
		return --this.followers == 0;
	}

	/** Adds the tenant's next batch. */
	void add(long number, List<EventEntry> entries) {
		synchronized (this) {
			this.kept.add(new Kept(number, entries));
		}
		changed();
	}

	/** Drops the oldest batch. Followers that have not seen it are too slow. */
	synchronized void evict() {
		this.since = this.kept.remove().number();
	}

	/** Drops everything. What is later than this number will be added. */
	void restart(long number) {
		synchronized (this) {
			this.kept.clear();
			this.since = number;
		}
		changed();
	}

	/** Ends the feed, because the log is not the same any more. */
	void end() {
		synchronized (this) {
			this.ended = true;
		}
		changed();
	}

	private void changed() {
		Sinks.Empty<Void> before;
		synchronized (this) {
			before = this.change;
			this.change = Sinks.empty();
		}
		before.tryEmitEmpty();
	}

	synchronized boolean isEnded() {
		return this.ended;
	}

	/** Whether the entries after this place are all kept. */
	synchronized boolean reaches(EventPosition position) {
		return position.compareTo(EventPosition.after(this.since)) >= 0;
	}

	/** Returns the kept entries after a place, which may be within a batch. */
	synchronized List<EventEntry> after(EventPosition position) {
		List<EventEntry> later = new ArrayList<>();
		for (Kept batch : this.kept) {
			if (batch.number() > position.batch()) {
				later.addAll(batch.entries());
			}
			else if (batch.number() == position.batch()) {
				batch.entries()
					.stream()
					.filter((entry) -> entry.position().compareTo(position) > 0)
					.forEach(later::add);
			}
		}
		return later;
	}

	/** Completes when the feed has begun to keep batches. */
	synchronized Mono<Void> awaitStart() {
		return (this.ended || this.since != NOT_STARTED) ? Mono.empty() : this.change.asMono();
	}

	/** Completes at the next change, or at once if entries after the place are kept. */
	synchronized Mono<Void> awaitChange(EventPosition position) {
		boolean behind = this.ended || (!this.kept.isEmpty() && this.kept.getLast().isAfter(position));
		return behind ? Mono.empty() : this.change.asMono();
	}

}

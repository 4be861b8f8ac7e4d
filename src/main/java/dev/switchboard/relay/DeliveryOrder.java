package dev.switchboard.relay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.switchboard.event.EventCursor;
import org.jspecify.annotations.Nullable;

/**
 * The events of a {@link DeliveryWindow} in the log's order. Knows which of them may be
 * sent, which rest after a failure, and which wait for an earlier event of their agent.
 * Not thread-safe.
 */
final class DeliveryOrder {

	private static final int MOST_WAITING = 500;

	private static final long MOST_BYTES = 1024 * 1024;

	/** The most events between the first that is not delivered and the last. */
	private static final int MOST_SPREAD = 20_000;

	private final MemoryBudget budget;

	private final Deque<Place> order = new ArrayDeque<>();

	private final Map<String, Deque<Place>> lanes = new HashMap<>();

	private final Deque<Place> ready = new ArrayDeque<>();

	private final Set<Place> resting = new LinkedHashSet<>();

	private @Nullable EventCursor delivered;

	private int waiting;

	private long bytes;

	/** A place in the order. Once it is done, it keeps only its cursor. */
	static final class Place {

		private final EventCursor cursor;

		private @Nullable PendingDelivery pending;

		private Place(PendingDelivery pending) {
			this.cursor = pending.cursor();
			this.pending = pending;
		}

	}

	DeliveryOrder(MemoryBudget budget) {
		this.budget = budget;
	}

	/**
	 * Adds an event at the end.
	 * @return its place, if no earlier event of its agent is before it; else null
	 */
	@Nullable Place add(PendingDelivery pending) {
		Place place = new Place(pending);
		this.order.add(place);
		this.waiting++;
		this.bytes += pending.bytes();
		this.budget.add(pending.bytes());
		Deque<Place> lane = this.lanes.computeIfAbsent(pending.lane(), (_) -> new ArrayDeque<>());
		lane.add(place);
		return (lane.size() == 1) ? place : null;
	}

	/**
	 * Takes an event off, which is delivered or given up.
	 * @return the place of its agent's next event; null if there is none
	 */
	@Nullable Place finish(Place place, PendingDelivery pending) {
		place.pending = null;
		this.waiting--;
		this.bytes -= pending.bytes();
		this.budget.add(-pending.bytes());
		Deque<Place> lane = this.lanes.getOrDefault(pending.lane(), new ArrayDeque<>());
		lane.poll();
		if (lane.isEmpty()) {
			this.lanes.remove(pending.lane());
		}
		return lane.peek();
	}

	/**
	 * Returns the place up to which all is delivered.
	 * @param read the place up to which the log has been read; null if it has not
	 */
	@Nullable EventCursor delivered(@Nullable EventCursor read) {
		while (!this.order.isEmpty() && this.order.element().pending == null) {
			this.delivered = this.order.remove().cursor;
		}
		if (this.order.isEmpty() && read != null) {
			this.delivered = read;
		}
		return this.delivered;
	}

	boolean hasRoom() {
		return this.waiting == 0 || (this.waiting < MOST_WAITING && this.bytes < MOST_BYTES
				&& this.order.size() < MOST_SPREAD && this.budget.hasRoom());
	}

	void ready(Place place) {
		this.ready.add(place);
	}

	/** Returns the next event that may be sent; null if there is none. */
	@Nullable Place nextReady() {
		return this.ready.poll();
	}

	void rest(Place place) {
		this.resting.add(place);
	}

	/** Ends the rest of an event. */
	void wake(Place place) {
		if (this.resting.remove(place)) {
			this.ready.add(place);
		}
	}

	/** Ends all rests. */
	void wakeAll() {
		List.copyOf(this.resting).forEach(this::wake);
	}

	static @Nullable PendingDelivery at(Place place) {
		return place.pending;
	}

	int waiting() {
		return this.waiting;
	}

	/** Returns the first event that is not delivered; null if there is none. */
	@Nullable PendingDelivery oldest() {
		delivered(null);
		return this.order.isEmpty() ? null : this.order.element().pending;
	}

	/** Gives the memory back. */
	void clear() {
		this.budget.add(-this.bytes);
		this.bytes = 0;
	}

}

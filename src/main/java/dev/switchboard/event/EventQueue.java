package dev.switchboard.event;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import dev.switchboard.protocol.AgentId;

/** Counts the events that wait to be stored, and limits them. Thread-safe. */
final class EventQueue {

	private final long maxBytes;

	private final int maxPerAgent;

	private final AtomicLong bytes = new AtomicLong();

	private final Map<AgentId, Integer> byAgent = new ConcurrentHashMap<>();

	/**
	 * Makes an empty queue.
	 * @param maxBytes how many bytes may wait
	 * @param maxPerAgent how many events of one agent may wait
	 */
	EventQueue(long maxBytes, int maxPerAgent) {
		this.maxBytes = maxBytes;
		this.maxPerAgent = maxPerAgent;
	}

	/**
	 * Counts an event that begins to wait.
	 * @return false if it may not wait, because there is no room
	 */
	boolean enter(PendingEvent event) {
		int size = event.entry().length();
		if (this.bytes.addAndGet(size) > this.maxBytes) {
			this.bytes.addAndGet(-size);
			return false;
		}
		if (this.byAgent.merge(event.agent(), 1, Integer::sum) > this.maxPerAgent) {
			leave(event);
			return false;
		}
		return true;
	}

	/** Takes back the count of an event that does not wait any more. */
	void leave(PendingEvent event) {
		this.bytes.addAndGet(-event.entry().length());
		this.byAgent.computeIfPresent(event.agent(), (_, count) -> (count > 1) ? count - 1 : null);
	}

	/** Returns how many bytes wait. */
	long bytes() {
		return this.bytes.get();
	}

}

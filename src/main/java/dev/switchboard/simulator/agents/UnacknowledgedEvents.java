package dev.switchboard.simulator.agents;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The events that agents have sent and that are not acknowledged, at most so many of all
 * agents. Only agents with such events take memory. The events have no payloads: those
 * can be made again. Thread-safe.
 */
final class UnacknowledgedEvents {

	private final int limit;

	private final Map<Integer, Map<String, Long>> byAgent = new HashMap<>();

	private int size;

	UnacknowledgedEvents(int limit) {
		this.limit = limit;
	}

	synchronized boolean isFull() {
		return this.size >= this.limit;
	}

	synchronized int size() {
		return this.size;
	}

	/** Adds an event as the last one of its agent. */
	synchronized void add(int agent, String id, long sentNanos) {
		this.byAgent.computeIfAbsent(agent, (_) -> new LinkedHashMap<>()).put(id, sentNanos);
		this.size++;
	}

	/**
	 * Removes an event.
	 * @return when it was sent first; null if it is not there, or not any more
	 */
	synchronized @Nullable Long remove(int agent, String id) {
		Map<String, Long> events = this.byAgent.get(agent);
		Long sent = (events != null) ? events.remove(id) : null;
		if (events != null && events.isEmpty()) {
			this.byAgent.remove(agent);
		}
		if (sent != null) {
			this.size--;
		}
		return sent;
	}

	synchronized boolean contains(int agent, String id) {
		return this.byAgent.getOrDefault(agent, Map.of()).containsKey(id);
	}

	/** Returns the ids of an agent's events, in the order in which they were sent. */
	synchronized List<String> of(int agent) {
		return List.copyOf(this.byAgent.getOrDefault(agent, Map.of()).keySet());
	}

}

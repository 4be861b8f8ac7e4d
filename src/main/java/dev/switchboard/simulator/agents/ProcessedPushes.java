package dev.switchboard.simulator.agents;

import java.util.LinkedHashSet;
import java.util.SequencedSet;

import dev.switchboard.protocol.CallId;

/**
 * Remembers the durable pushes that the agents of the process have processed, the newest
 * ones up to a limit. Agents without pushes take no memory. Thread-safe.
 */
final class ProcessedPushes {

	private final int limit;

	private final SequencedSet<CallId> pushes = new LinkedHashSet<>();

	ProcessedPushes(int limit) {
		this.limit = limit;
	}

	/**
	 * Remembers a push. The oldest one is forgotten if there are too many.
	 * @return false if the push was processed before
	 */
	synchronized boolean add(CallId push) {
		if (!this.pushes.add(push)) {
			return false;
		}
		if (this.pushes.size() > this.limit) {
			this.pushes.removeFirst();
		}
		return true;
	}

}

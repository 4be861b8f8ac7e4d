package dev.switchboard.forwarding;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The requests that wait on one connection: those that were sent, in the order of
 * sending, and those that are queued until the connection is open. Belongs to the
 * connection's event loop.
 */
final class WaitingRequests {

	private final Set<PendingRequest<?>> sent = new LinkedHashSet<>();

	private final Queue<PendingRequest<?>> queued = new ArrayDeque<>();

	private final int limit;

	/**
	 * @param limit the most requests that may wait
	 */
	WaitingRequests(int limit) {
		this.limit = limit;
	}

	boolean isFull() {
		return this.sent.size() + this.queued.size() >= this.limit;
	}

	boolean isEmpty() {
		return this.sent.isEmpty() && this.queued.isEmpty();
	}

	void queue(PendingRequest<?> request) {
		this.queued.add(request);
	}

	@Nullable PendingRequest<?> nextQueued() {
		return this.queued.poll();
	}

	void sent(PendingRequest<?> request) {
		this.sent.add(request);
	}

	/** Returns how many of the waiting requests were sent. */
	int sentCount() {
		return this.sent.size();
	}

	boolean isSent(PendingRequest<?> request) {
		return this.sent.contains(request);
	}

	/**
	 * Removes a request that was sent.
	 * @return false if the request was not sent or does not wait any more
	 */
	boolean removeSent(PendingRequest<?> request) {
		return this.sent.remove(request);
	}

	void removeQueued(PendingRequest<?> request) {
		this.queued.remove(request);
	}

	/** Returns all waiting requests: first the sent ones, then the queued ones. */
	List<PendingRequest<?>> all() {
		List<PendingRequest<?>> all = new ArrayList<>(this.sent);
		all.addAll(this.queued);
		return all;
	}

	void clearQueued() {
		this.queued.clear();
	}

	void clear() {
		this.sent.clear();
		this.queued.clear();
	}

}

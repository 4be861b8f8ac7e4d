package dev.switchboard.fanout;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Limits the calls and pushes of all fleet calls of this node that are in flight. Fleet
 * calls that find no room wait in a line. Thread-safe.
 */
final class InFlightLimit {

	private final int limit;

	private final AtomicInteger used = new AtomicInteger();

	private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

	InFlightLimit(int limit) {
		this.limit = limit;
	}

	/** Returns how many places are taken. */
	int used() {
		return this.used.get();
	}

	/**
	 * Takes places if one is free, so that a call which needs many does not wait for
	 * ever. Returns false if none is.
	 */
	boolean tryAcquire(int places) {
		return this.used.getAndUpdate((now) -> (now < this.limit) ? now + places : now) < this.limit;
	}

	/**
	 * Waits for a place.
	 * @param then runs once when there may be one, perhaps before this method returns, on
	 * any thread
	 */
	void await(Runnable then) {
		this.waiting.add(then);
		wakeNextIfRoom();
	}

	/** Gives places back. */
	void release(int places) {
		this.used.addAndGet(-places);
		wakeNextIfRoom();
	}

	/** Wakes the next in the line if there is a place. */
	void wakeNextIfRoom() {
		if (this.used.get() < this.limit) {
			Runnable next = this.waiting.poll();
			if (next != null) {
				next.run();
			}
		}
	}

}

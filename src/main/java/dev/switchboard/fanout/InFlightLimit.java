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

	/** Returns how many are in flight. */
	int used() {
		return this.used.get();
	}

	/** Takes a place. Returns false if there is none. */
	boolean tryAcquire() {
		if (this.used.incrementAndGet() <= this.limit) {
			return true;
		}
		this.used.decrementAndGet();
		return false;
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

	/** Gives a place back. */
	void release() {
		this.used.decrementAndGet();
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

package dev.switchboard.relay;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes of events that all webhooks of this node may hold together. Thread-safe. */
final class MemoryBudget {

	private final long most;

	private final AtomicLong used = new AtomicLong();

	MemoryBudget(long most) {
		this.most = most;
	}

	void add(long bytes) {
		this.used.addAndGet(bytes);
	}

	boolean hasRoom() {
		return this.used.get() < this.most;
	}

	long used() {
		return this.used.get();
	}

}

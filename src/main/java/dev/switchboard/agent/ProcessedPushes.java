package dev.switchboard.agent;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import dev.switchboard.protocol.CallId;

/**
 * Remembers the durable pushes that were processed, so that one that comes again is not
 * processed again. The count and the age are limited, and the oldest are forgotten first.
 * Not thread-safe.
 */
final class ProcessedPushes {

	private final int maxCount;

	private final long maxAgeNanos;

	private final LongSupplier nanoTime;

	private final Map<CallId, Long> processed = new LinkedHashMap<>();

	/**
	 * @param nanoTime reads the clock, as {@link System#nanoTime} does
	 */
	ProcessedPushes(int maxCount, Duration maxAge, LongSupplier nanoTime) {
		this.maxCount = maxCount;
		this.maxAgeNanos = maxAge.toNanos();
		this.nanoTime = nanoTime;
	}

	boolean contains(CallId push) {
		forgetOld();
		return this.processed.containsKey(push);
	}

	void add(CallId push) {
		this.processed.put(push, this.nanoTime.getAsLong());
		forgetOld();
	}

	private void forgetOld() {
		Iterator<Long> oldest = this.processed.values().iterator();
		while (oldest.hasNext()) {
			long age = this.nanoTime.getAsLong() - oldest.next();
			if (this.processed.size() <= this.maxCount && age <= this.maxAgeNanos) {
				return;
			}
			oldest.remove();
		}
	}

}

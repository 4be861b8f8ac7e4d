package dev.switchboard.agent;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import dev.switchboard.protocol.CallId;

import org.jspecify.annotations.Nullable;

/**
 * Keeps recent answers, so that a call that comes twice runs once. The count, the bytes
 * and the age of the answers are limited, and the oldest answers are dropped first. Not
 * thread-safe.
 */
final class AnswerCache {

	private final int maxCount;

	private final long maxBytes;

	private final long maxAgeNanos;

	private final LongSupplier nanoTime;

	private final Map<CallId, Answer> answers = new LinkedHashMap<>();

	private long bytes;

	private static final class Answer {

		private final byte[] message;

		private final long since;

		private Answer(byte[] message, long since) {
			this.message = message;
			this.since = since;
		}

	}

	/**
	 * @param nanoTime reads the clock, as {@link System#nanoTime} does
	 */
	AnswerCache(int maxCount, long maxBytes, Duration maxAge, LongSupplier nanoTime) {
		this.maxCount = maxCount;
		this.maxBytes = maxBytes;
		this.maxAgeNanos = maxAge.toNanos();
		this.nanoTime = nanoTime;
	}

	/** Returns the answer's message, or null if the cache has none. */
	byte @Nullable [] find(CallId id) {
		evict();
		Answer answer = this.answers.get(id);
		return (answer != null) ? answer.message : null;
	}

	void put(CallId id, byte[] message) {
		Answer before = this.answers.remove(id);
		this.answers.put(id, new Answer(message, this.nanoTime.getAsLong()));
		this.bytes += message.length - ((before != null) ? before.message.length : 0);
		evict();
	}

	private void evict() {
		Iterator<Answer> oldest = this.answers.values().iterator();
		while (oldest.hasNext()) {
			Answer answer = oldest.next();
			if (!isTooMuch() && !isTooOld(answer)) {
				return;
			}
			this.bytes -= answer.message.length;
			oldest.remove();
		}
	}

	private boolean isTooMuch() {
		return this.answers.size() > this.maxCount || this.bytes > this.maxBytes;
	}

	private boolean isTooOld(Answer answer) {
		return this.nanoTime.getAsLong() - answer.since > this.maxAgeNanos;
	}

}

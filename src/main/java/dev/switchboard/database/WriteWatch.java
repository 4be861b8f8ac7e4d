package dev.switchboard.database;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.switchboard.time.TimeSource;
import reactor.core.publisher.Mono;

/**
 * Watches this node's writes to the database, to tell whether the database takes writes.
 * Thread-safe.
 */
final class WriteWatch {

	/**
	 * How long the answer to a write may take before the database counts as not taking
	 * writes.
	 */
	private static final long SILENCE = Duration.ofSeconds(1).toNanos();

	/**
	 * How long a failure counts. A write that failed is usually tried again much sooner.
	 */
	private static final long REMEMBERED = Duration.ofSeconds(15).toNanos();

	private final TimeSource time;

	/**
	 * When the latest write of each kind failed. A kind whose latest write succeeded has
	 * no entry.
	 */
	private final Map<String, Long> failed = new ConcurrentHashMap<>();

	/** When each write that is under way began. */
	private final Map<Object, Long> underway = new ConcurrentHashMap<>();

	WriteWatch(TimeSource time) {
		this.time = time;
	}

	/**
	 * Returns the same write, but watched.
	 * @param kind the name of the statements, under which a failure is remembered
	 */
	<T> Mono<T> watch(String kind, Mono<T> write) {
		return Mono.defer(() -> {
			Object key = new Object();
			this.underway.put(key, this.time.nanoTime());
			return write.doOnSuccess((_) -> this.failed.remove(kind))
				.doOnError((_) -> this.failed.put(kind, this.time.nanoTime()))
				.doFinally((_) -> this.underway.remove(key));
		});
	}

	/** Whether a write has failed lately, or has been waiting for too long. */
	boolean isStuck() {
		long now = this.time.nanoTime();
		return this.failed.values().stream().anyMatch((at) -> now - at <= REMEMBERED)
				|| this.underway.values().stream().anyMatch((since) -> now - since > SILENCE);
	}

}

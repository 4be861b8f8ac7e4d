package dev.switchboard.database;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.switchboard.time.TimeSource;
import reactor.core.publisher.Mono;

/**
 * Whether the database takes writes, as far as this node's own writes tell. Thread-safe.
 */
final class WriteWatch {

	/** A write that is not answered for this long is not taken. */
	private static final long SILENCE = Duration.ofSeconds(1).toNanos();

	/** After this time a failure says nothing: what failed was not tried again. */
	private static final long REMEMBERED = Duration.ofSeconds(15).toNanos();

	private final TimeSource time;

	/** When the latest write of each kind failed; none for a kind that succeeded. */
	private final Map<String, Long> failed = new ConcurrentHashMap<>();

	/** When each write that is under way was begun. */
	private final Map<Object, Long> underway = new ConcurrentHashMap<>();

	WriteWatch(TimeSource time) {
		this.time = time;
	}

	/** Watches a write of this kind. */
	<T> Mono<T> watch(String kind, Mono<T> write) {
		return Mono.defer(() -> {
			Object key = new Object();
			this.underway.put(key, this.time.nanoTime());
			return write.doOnSuccess((_) -> this.failed.remove(kind))
				.doOnError((_) -> this.failed.put(kind, this.time.nanoTime()))
				.doFinally((_) -> this.underway.remove(key));
		});
	}

	/** Whether a write has just failed, or waits for too long. */
	boolean isStuck() {
		long now = this.time.nanoTime();
		return this.failed.values().stream().anyMatch((at) -> now - at <= REMEMBERED)
				|| this.underway.values().stream().anyMatch((since) -> now - since > SILENCE);
	}

}

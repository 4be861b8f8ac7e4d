package dev.switchboard.time;

import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Pauses between tries that double up to a limit, each spread by half so that nodes do
 * not try in step. Reactor's own back-off draws its jitter from a source that cannot be
 * replaced. Immutable and thread-safe.
 *
 * @param first the mean of the first pause
 * @param longest the mean that no pause exceeds
 * @param chance spreads the pauses
 */
public record Backoff(Duration first, Duration longest, Chance chance) {

	private static final double SPREAD = 0.5;

	/** The pause after this many failures in a row, from 0 for the first. */
	public Duration pause(long failures) {
		Duration mean = this.first.multipliedBy(1L << Math.min(failures, 16));
		return this.chance.around((mean.compareTo(this.longest) < 0) ? mean : this.longest, SPREAD);
	}

	/** Tries for ever. */
	public Retry forever() {
		return whileFailing((_) -> true, (_, _) -> {
		});
	}

	/** Tries for as long as failures are of this kind; any other is passed on at once. */
	public Retry whileFailing(Predicate<? super Throwable> kind) {
		return whileFailing(kind, (_, _) -> {
		});
	}

	/**
	 * Tries for as long as failures are of this kind; any other is passed on at once.
	 * @param beforePause gets each failure, and the number of failures before it
	 */
	public Retry whileFailing(Predicate<? super Throwable> kind, BiConsumer<? super Throwable, Long> beforePause) {
		return retry(Long.MAX_VALUE, kind, beforePause);
	}

	/** Tries again at most this many times, as long as failures are of this kind. */
	public Retry atMost(long retries, Predicate<? super Throwable> kind) {
		return retry(retries, kind, (_, _) -> {
		});
	}

	private Retry retry(long retries, Predicate<? super Throwable> kind,
			BiConsumer<? super Throwable, Long> beforePause) {
		return Retry.from((signals) -> signals.map(Retry.RetrySignal::copy).concatMap((signal) -> {
			if (signal.totalRetries() >= retries || !kind.test(signal.failure())) {
				return Mono.error(signal.failure());
			}
			beforePause.accept(signal.failure(), signal.totalRetries());
			return Mono.delay(pause(signal.totalRetries()));
		}, 1));
	}

}

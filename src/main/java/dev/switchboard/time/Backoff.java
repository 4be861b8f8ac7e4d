package dev.switchboard.time;

import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * The pauses between tries. Their mean doubles up to a limit. Each pause is drawn from
 * half the mean to one and a half times the mean, so that nodes do not all try at the
 * same moment. Reactor's own back-off is not used, because its source of random numbers
 * cannot be replaced. Immutable and thread-safe.
 *
 * @param first the mean of the first pause
 * @param longest the largest mean
 * @param chance draws the pauses
 */
public record Backoff(Duration first, Duration longest, Chance chance) {

	private static final double SPREAD = 0.5;

	/**
	 * Returns the pause after a failure.
	 * @param failures how many failures in a row there were before this failure
	 */
	public Duration pause(long failures) {
		Duration mean = this.first.multipliedBy(1L << Math.min(failures, 16));
		return this.chance.around((mean.compareTo(this.longest) < 0) ? mean : this.longest, SPREAD);
	}

	/** Tries again after every failure, for ever. */
	public Retry forever() {
		return whileFailing((_) -> true, (_, _) -> {
		});
	}

	/**
	 * Tries again after each failure that {@code kind} accepts. Passes on any other
	 * failure at once.
	 */
	public Retry whileFailing(Predicate<? super Throwable> kind) {
		return whileFailing(kind, (_, _) -> {
		});
	}

	/**
	 * Tries again after each failure that {@code kind} accepts. Passes on any other
	 * failure at once.
	 * @param beforePause gets each failure, and the number of failures before it
	 */
	public Retry whileFailing(Predicate<? super Throwable> kind, BiConsumer<? super Throwable, Long> beforePause) {
		return retry(Long.MAX_VALUE, kind, beforePause);
	}

	/**
	 * Tries again at most {@code retries} times, after failures that {@code kind}
	 * accepts.
	 */
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

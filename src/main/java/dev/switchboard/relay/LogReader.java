package dev.switchboard.relay;

import java.time.Duration;
import java.util.function.Function;

import dev.switchboard.event.EventCursor;
import dev.switchboard.event.EventPage;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.time.LogLimits;
import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Reads the log for relays. A position that is older than the log becomes the log's
 * beginning, which is counted and logged. Thread-safe.
 */
final class LogReader {

	private static final Logger logger = LoggerFactory.getLogger(LogReader.class);

	private final RelayMetrics metrics;

	private final LogLimits<RelayKey> lines;

	LogReader(RelayMetrics metrics, TimeSource time) {
		this.metrics = metrics;
		this.lines = new LogLimits<>(Duration.ofMinutes(1), 20, time);
	}

	/**
	 * Reads a page.
	 * @param after the place after which it begins; null for the beginning
	 * @param page reads the page after a place
	 * @param skipped what is done before the page at the beginning is read
	 */
	Mono<EventPage> page(RelayKey relay, @Nullable EventCursor after,
			Function<@Nullable EventCursor, Mono<EventPage>> page, Mono<Void> skipped) {
		return Mono.defer(() -> page.apply(after)).onErrorResume(LogReader::isExpired, (_) -> {
			this.metrics.skipped(relay);
			if (this.lines.tryLog(relay).isPresent()) {
				logger.warn("Relay {} goes on at the beginning of the event log, which has forgotten its position",
						relay);
			}
			return skipped.then(Mono.defer(() -> page.apply(null)));
		});
	}

	private static boolean isExpired(Throwable failure) {
		return failure instanceof ProblemException refused && refused.problem() == Problem.CURSOR_EXPIRED;
	}

}

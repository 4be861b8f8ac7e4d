package dev.switchboard.relay;

import java.time.Instant;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The work on one relay, as long as it belongs to this node. Thread-safe. */
sealed interface RelayWork permits TargetRelay, WebhookRelay {

	/** Begins. */
	void start();

	/** Ends at once, and stores nothing any more. */
	void abandon();

	/**
	 * Ends.
	 * @return completes when the position is stored, or cannot be; never an error
	 */
	Mono<Void> stop();

	/** Goes on where the work waited because the lease was not renewed in time. */
	void renewed();

	/** Returns how many events wait in memory. */
	int waiting();

	/**
	 * Returns when the first event was stored that was read and is not delivered; null if
	 * there is none.
	 */
	@Nullable Instant oldest();

}

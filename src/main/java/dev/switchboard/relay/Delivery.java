package dev.switchboard.relay;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A delivery of an event to a webhook, as it stands. Immutable.
 *
 * @param id its id, which the receiver gets as {@code webhook-id}; each try has the same
 * @param state what has become of it
 * @param attempts how often it was tried
 * @param status the status of the last answer; 0 if there was none
 * @param failure why the last attempt failed; null if it did not
 * @param event the event
 * @param firstAt when it was tried first, by the directory's clock
 * @param lastAt when it was tried last
 * @param nextAt when it is tried next; null if it is not
 */
public record Delivery(UUID id, DeliveryState state, int attempts, int status, @Nullable String failure, About event,
		Instant firstAt, Instant lastAt, @Nullable Instant nextAt) {

	/**
	 * What an event is about.
	 *
	 * @param id the event's id
	 * @param source its source
	 * @param type its type
	 * @param subject its subject
	 */
	public record About(String id, String source, String type, String subject) {
	}

}

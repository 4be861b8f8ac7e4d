package dev.switchboard.relay;

import java.time.Instant;

import reactor.core.publisher.Mono;

/** What a {@link DeliveryWindow} does with its events. */
interface DeliveryWork {

	/** Whether this node may still work on the webhook. */
	boolean mayWork();

	/** Tries a delivery once. The answer is never an error. */
	Mono<WebhookAnswer> send(PendingDelivery delivery);

	/** Takes note of a delivery. */
	void delivered(PendingDelivery delivery, WebhookAnswer answer);

	/**
	 * Takes note of a failure after which the delivery is tried again.
	 * @return completes when the failure is stored, or cannot be; never an error
	 */
	Mono<Void> retrying(PendingDelivery delivery, WebhookAnswer answer, Instant next);

	/**
	 * Stores a dead letter. Until that is done, the webhook's position stays before it.
	 * @return completes when it is stored; never an error
	 */
	Mono<Void> dead(PendingDelivery delivery, WebhookAnswer answer);

	/** Ends the webhook: its receiver wants no more events. */
	Mono<Void> gone();

	/** Is called after something was delivered or given up. */
	void progressed();

}

package dev.switchboard.aws;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.switchboard.event.EventPosition;
import dev.switchboard.time.Backoff;
import reactor.core.publisher.Mono;

/**
 * Sends messages to a queue or topic, one request after the other, until all are taken.
 * If the receiver is FIFO, a request has at most one message of each group: the receiver
 * may refuse one message of a request and take the next, and then the next would be
 * before it in its group. A lane is used once, and one thread at a time touches it.
 */
final class RelayLane {

	/** The most messages that a request of SQS or SNS may have. */
	static final int MOST = 10;

	/** How often refused messages are sent again while the receiver takes no message. */
	private static final int TRIES = 3;

	private final MessageReceiver receiver;

	private final List<RelayMessage> waiting;

	private final Backoff backoff;

	private final AwsRelayMetrics metrics;

	/** How many of the next requests have one message only. */
	private int alone;

	private int failures;

	RelayLane(MessageReceiver receiver, List<RelayMessage> messages, Backoff backoff, AwsRelayMetrics metrics) {
		this.receiver = receiver;
		this.waiting = new ArrayList<>(messages);
		this.backoff = backoff;
		this.metrics = metrics;
	}

	/**
	 * Sends the messages.
	 * @return completes when all are taken or refused for good; an error if a request
	 * failed, or if several requests in a row had no message that was taken
	 */
	Mono<Void> run() {
		return Mono.defer(this::sendNext).repeat(() -> !this.waiting.isEmpty()).then();
	}

	private Mono<Void> sendNext() {
		List<RelayMessage> batch = next();
		return this.receiver.send(batch)
			.flatMap((refusals) -> ended(batch, refusals))
			.onErrorResume(Refusal::isOfMessages, (failure) -> failed(batch, failure));
	}

	/** Chooses the messages of the next request. */
	private List<RelayMessage> next() {
		List<RelayMessage> batch = new ArrayList<>();
		Set<String> groups = new HashSet<>();
		int size = 0;
		for (RelayMessage message : this.waiting) {
			if (!this.receiver.isFifo() || groups.add(message.event().source())) {
				size += message.size();
				if (size > RelayMessage.LIMIT && !batch.isEmpty()) {
					return batch;
				}
				batch.add(message);
				if (batch.size() == MOST || this.alone > 0) {
					return batch;
				}
			}
		}
		return batch;
	}

	/**
	 * Finds out which message made a request fail: the next messages are sent one by one,
	 * and a message that fails alone is the one.
	 */
	private Mono<Void> failed(List<RelayMessage> batch, Throwable failure) {
		if (batch.size() > 1) {
			this.alone = batch.size();
			return Mono.empty();
		}
		return ended(batch, List.of(Refusal.of(batch.getFirst(), failure)));
	}

	private Mono<Void> ended(List<RelayMessage> batch, List<Refusal> refusals) {
		this.alone = Math.max(0, this.alone - 1);
		Set<EventPosition> refused = refusals.stream().map(Refusal::position).collect(Collectors.toSet());
		List<RelayMessage> taken = batch.stream().filter((message) -> !refused.contains(message.position())).toList();
		Set<EventPosition> gone = taken.stream().map(RelayMessage::position).collect(Collectors.toSet());
		this.waiting.removeIf((message) -> gone.contains(message.position()));
		taken.forEach((message) -> this.metrics.delivered(message, this.receiver.setting()));
		refusals.stream().filter(Refusal::isForGood).forEach(this::giveUp);
		this.failures = taken.isEmpty() ? this.failures : 0;
		return pause(refusals.stream().filter((refusal) -> !refusal.isForGood()).toList());
	}

	/** Sends a message without its data next time, or drops it if it has none. */
	private void giveUp(Refusal refusal) {
		if (refusal.message().whole()) {
			this.waiting.replaceAll((message) -> refusal.isOf(message) ? message.withoutData() : message);
		}
		else {
			this.waiting.removeIf(refusal::isOf);
			this.metrics.dropped(refusal, this.receiver.setting());
		}
	}

	/** Waits before refused messages are sent again. */
	private Mono<Void> pause(List<Refusal> refusals) {
		if (refusals.isEmpty()) {
			return Mono.empty();
		}
		this.metrics.refused(refusals.size());
		this.failures++;
		return (this.failures <= TRIES) ? Mono.delay(this.backoff.pause(this.failures - 1)).then()
				: Mono.error(refusals.getFirst().exception(this.receiver));
	}

}

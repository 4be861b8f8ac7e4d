package dev.switchboard.aws;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

import dev.switchboard.event.EventEntry;
import dev.switchboard.relay.RelayTarget;
import dev.switchboard.time.Backoff;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A relay of the event log to a queue or topic of AWS. Long lists of events go through
 * several lanes at a time, and all events of an agent through the same one. Thread-safe;
 * only {@link #close} blocks.
 */
final class AwsRelay implements RelayTarget, AutoCloseable {

	private static final int MOST_LANES = 8;

	private static final int EVENTS_OF_LANE = 64;

	private final String name;

	private final MessageReceiver receiver;

	private final Backoff backoff;

	private final AwsRelayMetrics metrics;

	/**
	 * @param backoff the pauses before refused messages are sent again
	 */
	AwsRelay(String name, MessageReceiver receiver, Backoff backoff, AwsRelayMetrics metrics) {
		this.name = name;
		this.receiver = receiver;
		this.backoff = backoff;
		this.metrics = metrics;
	}

	@Override
	public String name() {
		return this.name;
	}

	/**
	 * {@inheritDoc} If one lane fails, the others go on to their end, since what they
	 * leave would be sent again with the rest.
	 */
	@Override
	public Mono<Void> deliver(List<EventEntry> entries) {
		return Flux.defer(() -> Flux.fromIterable(lanes(entries)))
			.flatMapDelayError(this::run, MOST_LANES, 1)
			.then()
			.subscribeOn(Schedulers.boundedElastic())
			.onErrorMap(this::explained);
	}

	private static Collection<List<EventEntry>> lanes(List<EventEntry> entries) {
		int lanes = Math.min(MOST_LANES, Math.ceilDiv(entries.size(), EVENTS_OF_LANE));
		return entries.stream()
			.collect(Collectors.groupingBy((entry) -> Math.floorMod(entry.source().hashCode(), lanes)))
			.values();
	}

	private Mono<Void> run(List<EventEntry> entries) {
		List<RelayMessage> messages = entries.stream().map(RelayMessage::of).toList();
		return new RelayLane(this.receiver, messages, this.backoff, this.metrics).run();
	}

	private Throwable explained(Throwable failures) {
		Throwable failure = Exceptions.unwrapMultiple(failures).getFirst();
		return (failure instanceof IllegalStateException) ? failure : new IllegalStateException(
				this.receiver.setting() + ": " + AwsCalls.explain(this.receiver.service(), failure), failure);
	}

	@Override
	public void close() {
		this.receiver.close();
	}

}

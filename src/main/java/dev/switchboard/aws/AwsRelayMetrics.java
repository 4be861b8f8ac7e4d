package dev.switchboard.aws;

import java.time.Duration;

import dev.switchboard.event.EventEntry;
import dev.switchboard.time.LogLimit;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the events that a relay has sent, and logs those that lost something. */
final class AwsRelayMetrics {

	private static final Logger logger = LoggerFactory.getLogger(AwsRelayMetrics.class);

	private static final Duration PAUSE = Duration.ofSeconds(10);

	private final Counter delivered;

	private final Counter shortened;

	private final Counter dropped;

	private final Counter refused;

	private final LogLimit shortenedLines;

	private final LogLimit droppedLines;

	/**
	 * @param target the name of the relay
	 */
	AwsRelayMetrics(String target, MeterRegistry registry, TimeSource time) {
		this.delivered = counter(target, "delivered", registry);
		this.shortened = counter(target, "without_data", registry);
		this.dropped = counter(target, "dropped", registry);
		this.refused = counter(target, "refused", registry);
		this.shortenedLines = new LogLimit(PAUSE, time);
		this.droppedLines = new LogLimit(PAUSE, time);
	}

	private static Counter counter(String target, String outcome, MeterRegistry registry) {
		return Counter.builder("switchboard.aws.relayed")
			.description("Events that a relay has sent to AWS, by what became of them")
			.tag("target", target)
			.tag("outcome", outcome)
			.register(registry);
	}

	/** Counts an event that the receiver has taken. */
	void delivered(RelayMessage message, String receiver) {
		(message.whole() ? this.delivered : this.shortened).increment();
		if (!message.whole()) {
			this.shortenedLines.tryLog()
				.ifPresent((heldBack) -> logger.warn(
						"An event went to {} without its data, which are too large or not acceptable: {} ({} more since the last line)",
						receiver, name(message.event()), heldBack));
		}
	}

	/** Counts an event that the receiver will never take. */
	void dropped(Refusal refusal, String receiver) {
		this.dropped.increment();
		this.droppedLines.tryLog()
			.ifPresent((heldBack) -> logger.warn(
					"An event did not go to {}, which refuses it for good ({}: {}): {} ({} more since the last line)",
					receiver, refusal.code(), refusal.text(), name(refusal.message().event()), heldBack));
	}

	/** Counts events that are sent again. */
	void refused(long events) {
		this.refused.increment((double) events);
	}

	private static String name(EventEntry event) {
		return event.type() + " of " + event.source() + " at " + event.position().batch() + "/"
				+ event.position().index() + " of the log";
	}

}

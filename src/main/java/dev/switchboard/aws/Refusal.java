package dev.switchboard.aws;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

import dev.switchboard.event.EventPosition;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * A message that SQS or SNS did not take.
 *
 * @param message the message
 * @param code the error's name
 * @param text the reason, for an operator
 */
record Refusal(RelayMessage message, String code, String text) {

	/** The errors of one message of a request that repeat whenever it is sent. */
	private static final Set<String> OF_MESSAGE = Set.of("InvalidMessageContents", "InvalidParameterValue",
			"InvalidParameter", "ValidationError", "MessageTooLong");

	/**
	 * The errors of a whole request for which one of its messages is the reason. Others
	 * may come from a wrong setting, and then no message may be dropped.
	 */
	private static final Set<String> OF_REQUEST = Set.of("BatchRequestTooLong", "InvalidMessageContents",
			"MessageTooLong");

	/** Makes a refusal from the entry of a result. */
	static Refusal of(RelayMessage message, @Nullable String code, @Nullable String text) {
		return new Refusal(message, plain(String.valueOf(code)), String.valueOf(text));
	}

	/** Makes the refusal of the only message of a request that failed. */
	static Refusal of(RelayMessage message, Throwable failure) {
		return (failure instanceof AwsServiceException refused)
				? of(message, AwsCalls.code(refused), refused.getMessage())
				: of(message, failure.getClass().getSimpleName(), failure.getMessage());
	}

	/**
	 * Makes the refusals of a result. A message that the result does not name at all is
	 * not taken either.
	 * @param taken the indexes of the messages that were taken, as texts
	 * @param refused the error of a message that was not taken, by the message's index
	 */
	static List<Refusal> all(List<RelayMessage> batch, Set<String> taken,
			BiFunction<String, RelayMessage, Optional<Refusal>> refused) {
		return IntStream.range(0, batch.size())
			.filter((index) -> !taken.contains(String.valueOf(index)))
			.mapToObj((index) -> refused.apply(String.valueOf(index), batch.get(index))
				.orElseGet(() -> new Refusal(batch.get(index), "Unnamed", "the result does not name the message")))
			.toList();
	}

	/** Whether a request failed because of one of its messages. */
	static boolean isOfMessages(Throwable failure) {
		return failure instanceof AwsServiceException refused
				&& OF_REQUEST.contains(plain(String.valueOf(AwsCalls.code(refused))));
	}

	/** Whether the message is refused whenever it is sent. */
	boolean isForGood() {
		return OF_MESSAGE.contains(this.code) || OF_REQUEST.contains(this.code);
	}

	EventPosition position() {
		return this.message.position();
	}

	/** Whether a message is of the event that was refused. */
	boolean isOf(RelayMessage other) {
		return other.position().equals(position());
	}

	/** Returns the error of a delivery that ends with this refusal. */
	IllegalStateException exception(MessageReceiver receiver) {
		return new IllegalStateException(
				receiver.setting() + ": " + receiver.service() + " refuses messages: " + this.code + ": " + this.text);
	}

	/**
	 * Some errors of SQS have names such as AWS.SimpleQueueService.BatchRequestTooLong.
	 */
	private static String plain(String code) {
		return code.substring(code.lastIndexOf('.') + 1);
	}

}

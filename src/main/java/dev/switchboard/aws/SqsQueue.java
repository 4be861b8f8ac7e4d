package dev.switchboard.aws;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.switchboard.problem.SettingsRefusedException;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;

/** A queue of SQS. */
final class SqsQueue implements MessageReceiver {

	private static final String RIGHTS = "sqs:SendMessage, sqs:GetQueueUrl and sqs:GetQueueAttributes";

	private final SqsAsyncClient client;

	private final String queue;

	/** Finds the URL once; after a failure, finds it again. */
	private final Mono<String> url;

	/**
	 * @param queue the name, the URL or the ARN of the queue
	 */
	SqsQueue(SqsAsyncClient client, String queue) {
		this.client = client;
		this.queue = queue;
		this.url = Mono.defer(this::findUrl).cacheInvalidateIf((_) -> false);
	}

	private boolean isUrl() {
		return this.queue.startsWith("http");
	}

	private Mono<String> findUrl() {
		if (isUrl()) {
			return Mono.just(this.queue);
		}
		ArnParts arn = ArnParts.find(this.queue);
		GetQueueUrlRequest.Builder request = (arn == null) ? GetQueueUrlRequest.builder().queueName(this.queue)
				: GetQueueUrlRequest.builder().queueName(arn.name()).queueOwnerAWSAccountId(arn.account());
		return AsyncCalls.call(() -> this.client.getQueueUrl(request.build())).map(GetQueueUrlResponse::queueUrl);
	}

	@Override
	public String service() {
		return "SQS";
	}

	@Override
	public String setting() {
		return "switchboard.events.sqs.queue=" + this.queue;
	}

	@Override
	public boolean isFifo() {
		return this.queue.endsWith(".fifo");
	}

	@Override
	public Mono<List<Refusal>> send(List<RelayMessage> batch) {
		List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
		batch.forEach((message) -> entries.add(entry(String.valueOf(entries.size()), message)));
		return this.url
			.flatMap((url) -> AsyncCalls
				.call(() -> this.client.sendMessageBatch((request) -> request.queueUrl(url).entries(entries))))
			.map((response) -> refusals(batch, response));
	}

	private SendMessageBatchRequestEntry entry(String id, RelayMessage message) {
		Map<String, MessageAttributeValue> attributes = new HashMap<>();
		message.attributes()
			.forEach((name, value) -> attributes.put(name,
					MessageAttributeValue.builder().dataType("String").stringValue(value).build()));
		SendMessageBatchRequestEntry.Builder entry = SendMessageBatchRequestEntry.builder()
			.id(id)
			.messageBody(message.body())
			.messageAttributes(attributes);
		if (isFifo()) {
			entry.messageGroupId(message.group()).messageDeduplicationId(message.deduplicationId());
		}
		return entry.build();
	}

	private static List<Refusal> refusals(List<RelayMessage> batch, SendMessageBatchResponse response) {
		Map<String, BatchResultErrorEntry> failed = new HashMap<>();
		response.failed().forEach((error) -> failed.put(error.id(), error));
		return Refusal.all(batch,
				response.successful().stream().map(SendMessageBatchResultEntry::id).collect(Collectors.toSet()),
				(id, message) -> Optional.ofNullable(failed.get(id))
					.map((error) -> Refusal.of(message, error.code(), error.message())));
	}

	@Override
	public void check() {
		Mono<?> found = isUrl()
				? AsyncCalls.call(() -> this.client.getQueueAttributes(
						(request) -> request.queueUrl(this.queue).attributeNames(QueueAttributeName.QUEUE_ARN)))
				: this.url;
		AsyncCalls.await(this,
				found.onErrorMap(QueueDoesNotExistException.class,
						(_) -> new SettingsRefusedException(
								"There is no queue " + setting() + ", or this account has no access to it.",
								"Make the queue, or set it to the name, the URL or the ARN of one that exists.")),
				RIGHTS);
	}

	@Override
	public void close() {
		this.client.close();
	}

}

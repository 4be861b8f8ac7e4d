package dev.switchboard.aws;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.switchboard.problem.SettingsRefusedException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import software.amazon.awssdk.services.sns.SnsAsyncClient;
import software.amazon.awssdk.services.sns.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.PublishBatchResultEntry;
import software.amazon.awssdk.services.sns.model.Topic;

/** A topic of SNS. */
final class SnsTopic implements MessageReceiver {

	private static final String RIGHTS = "sns:Publish and sns:GetTopicAttributes, and for a topic by name sns:ListTopics";

	private final SnsAsyncClient client;

	private final String topic;

	/** Finds the ARN once; after a failure, finds it again. */
	private final Mono<String> arn;

	/**
	 * @param topic the ARN or the name of the topic
	 */
	SnsTopic(SnsAsyncClient client, String topic) {
		this.client = client;
		this.topic = topic;
		this.arn = Mono.defer(this::findArn).cacheInvalidateIf((_) -> false);
	}

	private boolean isArn() {
		return ArnParts.find(this.topic) != null;
	}

	/** Finds the ARN. CreateTopic would tell it too, but might make a topic. */
	private Mono<String> findArn() {
		if (isArn()) {
			return Mono.just(this.topic);
		}
		return Flux.defer(() -> Flux.from(this.client.listTopicsPaginator().topics()))
			.subscribeOn(Schedulers.boundedElastic())
			.map(Topic::topicArn)
			.filter((found) -> found.endsWith(":" + this.topic))
			.next()
			.switchIfEmpty(Mono.error(() -> NotFoundException.builder().message("there is no such topic").build()));
	}

	@Override
	public String service() {
		return "SNS";
	}

	@Override
	public String setting() {
		return "switchboard.events.sns.topic=" + this.topic;
	}

	@Override
	public boolean isFifo() {
		return this.topic.endsWith(".fifo");
	}

	@Override
	public Mono<List<Refusal>> send(List<RelayMessage> batch) {
		List<PublishBatchRequestEntry> entries = new ArrayList<>();
		batch.forEach((message) -> entries.add(entry(String.valueOf(entries.size()), message)));
		return this.arn
			.flatMap((found) -> AsyncCalls.call(() -> this.client
				.publishBatch((request) -> request.topicArn(found).publishBatchRequestEntries(entries))))
			.map((response) -> refusals(batch, response));
	}

	private PublishBatchRequestEntry entry(String id, RelayMessage message) {
		Map<String, MessageAttributeValue> attributes = new HashMap<>();
		message.attributes()
			.forEach((name, value) -> attributes.put(name,
					MessageAttributeValue.builder().dataType("String").stringValue(value).build()));
		PublishBatchRequestEntry.Builder entry = PublishBatchRequestEntry.builder()
			.id(id)
			.message(message.body())
			.messageAttributes(attributes);
		if (isFifo()) {
			entry.messageGroupId(message.group()).messageDeduplicationId(message.deduplicationId());
		}
		return entry.build();
	}

	private static List<Refusal> refusals(List<RelayMessage> batch, PublishBatchResponse response) {
		Map<String, BatchResultErrorEntry> failed = new HashMap<>();
		response.failed().forEach((error) -> failed.put(error.id(), error));
		return Refusal.all(batch,
				response.successful().stream().map(PublishBatchResultEntry::id).collect(Collectors.toSet()),
				(id, message) -> Optional.ofNullable(failed.get(id))
					.map((error) -> Refusal.of(message, error.code(), error.message())));
	}

	@Override
	public void check() {
		Mono<?> found = isArn()
				? AsyncCalls.call(() -> this.client.getTopicAttributes((request) -> request.topicArn(this.topic)))
				: this.arn;
		AsyncCalls
			.await(this,
					found
						.onErrorMap(NotFoundException.class,
								(_) -> new SettingsRefusedException("There is no topic " + setting() + ".",
										"Make the topic, or set it to the ARN or the name of one that exists.")),
					RIGHTS);
	}

	@Override
	public void close() {
		this.client.close();
	}

}

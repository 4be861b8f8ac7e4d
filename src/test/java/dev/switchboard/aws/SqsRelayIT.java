package dev.switchboard.aws;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.switchboard.GatewayProcess;
import dev.switchboard.event.EventEntry;
import dev.switchboard.json.Envelope;
import dev.switchboard.problem.SettingsRefusedException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

@DisplayName("The relay to SQS, as ElasticMQ plays it")
class SqsRelayIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final String[] AGENTS = IntStream.range(0, 20).mapToObj((n) -> "agent" + n).toArray(String[]::new);

	private final TestElasticMq sqs = new TestElasticMq();

	private final TestRelay test = new TestRelay();

	@AfterEach
	void stop() {
		this.sqs.close();
	}

	private SqsQueue queue(String queue) {
		return new SqsQueue(this.sqs.client, queue);
	}

	private void deliver(SqsQueue queue, List<EventEntry> entries) {
		StepVerifier.create(this.test.relay(queue).deliver(entries)).expectComplete().verify(LIMIT);
	}

	private static Map<String, List<Integer>> idsBySource(List<Message> messages) {
		return messages.stream()
			.map((message) -> Envelope.parse(message.body().getBytes(StandardCharsets.UTF_8)))
			.collect(Collectors.groupingBy((event) -> event.string("source"),
					Collectors.mapping((event) -> Integer.valueOf(event.string("id")), Collectors.toList())));
	}

	@Test
	@DisplayName("| sends all events to a standard queue, with the attributes by which subscribers filter")
	void shouldSendAllEventsToAStandardQueue() {
		String url = this.sqs.make("events");
		deliver(queue("events"), TestRelay.entries(500, AGENTS));
		List<Message> messages = this.sqs.drain(url);
		assertThat(messages).hasSize(500);
		assertThat(messages.stream().map(Message::body)).containsExactlyInAnyOrderElementsOf(
				TestRelay.entries(500, AGENTS).stream().map((entry) -> entry.json().text()).toList());
		assertThat(messages.getFirst().messageAttributes()).containsOnlyKeys("content-type", "type", "subject",
				"tenant", "agent");
		assertThat(messages.getFirst().attributes()).doesNotContainKey(MessageSystemAttributeName.MESSAGE_GROUP_ID);
	}

	@Test
	@DisplayName("| keeps each agent's order in a FIFO queue, and a list that is delivered twice is there once")
	void shouldKeepTheOrderOfAgentsInAFifoQueue() {
		String url = this.sqs.make("events.fifo");
		List<EventEntry> entries = TestRelay.entries(300, AGENTS);
		deliver(queue("events.fifo"), entries);
		deliver(queue("events.fifo"), entries);
		List<Message> messages = this.sqs.drain(url);
		assertThat(idsBySource(messages)).hasSize(20).allSatisfy((_, ids) -> assertThat(ids).hasSize(15).isSorted());
		assertThat(messages).allSatisfy((message) -> assertThat(message.body())
			.contains("\"source\":\"" + message.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID) + "\""));
	}

	@Test
	@DisplayName("| sends events that are large, too large, or have characters that SQS does not take")
	void shouldSendLargeAndOddEvents() {
		String url = this.sqs.make("events");
		String large = "\"" + "\u20AC".repeat(60_000) + "\"";
		String tooLarge = "\"" + "x".repeat(300_000) + "\"";
		deliver(queue("events"), List.of(TestRelay.entry("a", 1, large), TestRelay.entry("a", 2, tooLarge),
				TestRelay.entry("a", 3, "\"\uFFFE\uFFFF\uD83D\uDE00\u007F\""), TestRelay.entry("a", 4, large)));
		List<Message> messages = this.sqs.drain(url);
		assertThat(idsBySource(messages).values()).singleElement()
			.asInstanceOf(InstanceOfAssertFactories.list(Integer.class))
			.containsExactlyInAnyOrder(1, 2, 3, 4);
		assertThat(messages).filteredOn((message) -> message.messageAttributes().containsKey("dataomitted"))
			.singleElement()
			.extracting(Message::body)
			.asString()
			.contains("\"dataomitted\":true")
			.doesNotContain("\"data\"");
		assertThat(this.test.count("delivered")).isEqualTo(3);
		assertThat(this.test.count("without_data")).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "NAME", "URL", "ARN" })
	@DisplayName("| finds a queue by its name, URL or ARN")
	void shouldFindAQueue(String kind) {
		String url = this.sqs.make("events");
		SqsQueue queue = queue(switch (kind) {
			case "URL" -> url;
			case "ARN" -> "arn:aws:sqs:elasticmq:000000000000:events";
			default -> "events";
		});
		assertThatNoException().isThrownBy(queue::check);
		deliver(queue, TestRelay.entries(1, "a"));
		assertThat(this.sqs.drain(url)).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "nowhere", "arn:aws:sqs:elasticmq:000000000000:nowhere", "URL" })
	@DisplayName("| refuses a queue that does not exist, by the name of its setting")
	void shouldRefuseAQueueThatDoesNotExist(String name) {
		String queue = name.equals("URL") ? this.sqs.endpoint + "/000000000000/nowhere" : name;
		assertThatExceptionOfType(SettingsRefusedException.class).isThrownBy(queue(queue)::check)
			.withMessageContaining("switchboard.events.sqs.queue=" + queue);
	}

	@Test
	@DisplayName("| fails a delivery while SQS is away, and starts without it")
	void shouldFailADeliveryWhileSqsIsAway() {
		SqsQueue queue = queue("events");
		this.sqs.stopServer();
		assertThatNoException().isThrownBy(queue::check);
		StepVerifier.create(this.test.relay(queue).deliver(TestRelay.entries(3, "a")))
			.expectErrorSatisfies((failure) -> assertThat(failure)
				.hasMessageStartingWith("switchboard.events.sqs.queue=events: SQS does not answer"))
			.verify(LIMIT);
	}

	@Test
	@DisplayName("| delivers as soon as a queue that was missing is there")
	void shouldDeliverWhenTheQueueIsThere() {
		SqsQueue queue = queue("late");
		StepVerifier.create(this.test.relay(queue).deliver(TestRelay.entries(3, "a"))).expectError().verify(LIMIT);
		String url = this.sqs.make("late");
		deliver(queue, TestRelay.entries(3, "a"));
		assertThat(this.sqs.drain(url)).hasSize(3);
	}

	private GatewayProcess node(String... options) {
		Stream<String> aws = Stream.of("spring.cloud.aws.sqs.endpoint=" + this.sqs.endpoint,
				"spring.cloud.aws.region.static=eu-central-1", "spring.cloud.aws.credentials.access-key=key",
				"spring.cloud.aws.credentials.secret-key=secret");
		return GatewayProcess.launch(Stream.concat(aws, Stream.of(options)).toArray(String[]::new));
	}

	@Test
	@DisplayName("| lets a node start that finds its queue")
	void shouldStartWithAQueue() {
		this.sqs.make("events");
		try (GatewayProcess node = node("switchboard.events.sqs.queue=events")) {
			node.awaitReady();
			assertThat(node.log()).doesNotContain("was not checked");
		}
	}

	@Test
	@DisplayName("| keeps a node from its start that does not find its queue, which says so in one line")
	void shouldNotStartWithoutItsQueue() throws Exception {
		try (GatewayProcess node = node("switchboard.events.sqs.queue=nowhere")) {
			assertThat(node.awaitExit()).isEqualTo(1);
			assertThat(node.log().lines().filter((line) -> line.contains("ERROR"))).singleElement()
				.asString()
				.contains("There is no queue switchboard.events.sqs.queue=nowhere");
		}
	}

}

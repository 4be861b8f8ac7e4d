package dev.switchboard.aws;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.switchboard.problem.SettingsRefusedException;
import io.awspring.cloud.autoconfigure.sns.SnsProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.test.StepVerifier;
import software.amazon.awssdk.services.sns.SnsAsyncClient;

import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/** The relay to SNS, as WireMock plays it. */
@ExtendWith(OutputCaptureExtension.class)
class SnsTopicTests {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final String ARN = "arn:aws:sns:eu-west-1:123456789012:";

	private final WireMockServer server = TestAws.server();

	private final TestRelay test = new TestRelay();

	@SuppressWarnings("NullAway.Init")
	private SnsAsyncClient client;

	@BeforeEach
	void start() {
		this.server.start();
		this.client = AsyncCalls.client(TestAws.settings(this.server), new SnsProperties(), ARN + "events",
				SnsAsyncClient.builder());
	}

	@AfterEach
	void stop() {
		this.client.close();
		this.server.stop();
	}

	private SnsTopic topic(String topic) {
		return new SnsTopic(this.client, topic);
	}

	private void answer(String action, ResponseDefinitionBuilder answer) {
		this.server
			.stubFor(post(urlEqualTo("/")).withRequestBody(containing("Action=" + action + "&")).willReturn(answer));
	}

	private static ResponseDefinitionBuilder published(List<Integer> taken, Map<Integer, String> failed) {
		String successful = taken.stream()
			.map((id) -> "<member><Id>" + id + "</Id><MessageId>m</MessageId></member>")
			.collect(Collectors.joining());
		String refused = failed.entrySet()
			.stream()
			.map((entry) -> "<member><Id>" + entry.getKey() + "</Id><Code>" + entry.getValue()
					+ "</Code><Message>no</Message><SenderFault>false</SenderFault></member>")
			.collect(Collectors.joining());
		return TestAws.xml(200, "<PublishBatchResponse><PublishBatchResult><Failed>" + refused + "</Failed><Successful>"
				+ successful + "</Successful></PublishBatchResult></PublishBatchResponse>");
	}

	private List<Map<String, String>> requests(String action) {
		return this.server.findAll(postRequestedFor(urlEqualTo("/")).withRequestBody(containing("Action=" + action)))
			.stream()
			.map((request) -> form(request.getBodyAsString()))
			.toList();
	}

	private static Map<String, String> form(String body) {
		return List.of(body.split("&"))
			.stream()
			.map((field) -> field.split("=", 2))
			.collect(Collectors.toMap((field) -> field[0],
					(field) -> URLDecoder.decode(field[1], StandardCharsets.UTF_8), (one, _) -> one, TreeMap::new));
	}

	private static String field(int entry, String name) {
		return "PublishBatchRequestEntries.member." + entry + "." + name;
	}

	@Test
	void shouldPublishEventsWithAttributesAndInTheRegionOfTheTopic() {
		answer("PublishBatch", published(List.of(0, 1), Map.of()));
		StepVerifier.create(this.test.relay(topic(ARN + "events")).deliver(TestRelay.entries(2, "a", "b")))
			.expectComplete()
			.verify(LIMIT);
		Map<String, String> request = requests("PublishBatch").getFirst();
		assertThat(request).containsEntry("TopicArn", ARN + "events")
			.containsEntry(field(2, "Message"), TestRelay.entry("b", 1).json().text())
			.containsValues("tenant", "acme", "type", "switchboard.event", "agent", "a", "b")
			.doesNotContainKeys(field(1, "MessageGroupId"), field(1, "MessageDeduplicationId"));
		assertThat(this.server.getAllServeEvents().getFirst().getRequest().getHeader("Authorization"))
			.contains("/eu-west-1/sns/");
	}

	@Test
	void shouldPublishToAFifoTopicWithTheAgentAsGroup() {
		answer("PublishBatch", published(List.of(0), Map.of()));
		StepVerifier.create(this.test.relay(topic(ARN + "events.fifo")).deliver(TestRelay.entries(2, "a")))
			.expectComplete()
			.verify(LIMIT);
		assertThat(requests("PublishBatch")).hasSize(2)
			.allSatisfy((request) -> assertThat(request)
				.containsEntry(field(1, "MessageGroupId"), "/v1/tenants/acme/agents/a")
				.containsKey(field(1, "MessageDeduplicationId")));
	}

	/** Peers: floci-io/floci #992, aws-samples/sample-voice-of-customer-datalake #259. */
	@Test
	void shouldPublishAgainWhatAResultHasAsFailedAndWhatItDoesNotName() {
		this.server.stubFor(post(urlEqualTo("/")).inScenario("s")
			.whenScenarioStateIs(Scenario.STARTED)
			.willReturn(published(List.of(0, 3), Map.of(1, "InternalError")))
			.willSetStateTo("again"));
		this.server.stubFor(post(urlEqualTo("/")).inScenario("s")
			.whenScenarioStateIs("again")
			.willReturn(published(List.of(0, 1), Map.of())));
		StepVerifier.create(this.test.relay(topic(ARN + "events")).deliver(TestRelay.entries(4, "a")))
			.expectComplete()
			.verify(LIMIT);
		Map<String, String> again = requests("PublishBatch").get(1);
		assertThat(again).containsEntry(field(1, "Message"), TestRelay.entry("a", 1).json().text())
			.containsEntry(field(2, "Message"), TestRelay.entry("a", 2).json().text());
		assertThat(this.test.count("delivered")).isEqualTo(4);
	}

	@Test
	void shouldTryARequestThreeTimesAtMostAndSayWhyItFailed() {
		answer("PublishBatch", TestAws.refusal(500, "InternalFailure", "down"));
		StepVerifier.create(this.test.relay(topic(ARN + "events")).deliver(TestRelay.entries(2, "a")))
			.expectErrorMessage("switchboard.events.sns.topic=" + ARN + "events: SNS answers InternalFailure: down")
			.verify(LIMIT);
		assertThat(requests("PublishBatch")).hasSize(3);
	}

	@Test
	void shouldFindATopicByItsNameOnALaterPage() {
		String page = "<ListTopicsResponse><ListTopicsResult><Topics>%s</Topics>%s</ListTopicsResult></ListTopicsResponse>";
		answer("ListTopics", TestAws.xml(200,
				page.formatted(member("other-events") + member("events-other"), "<NextToken>t</NextToken>")));
		this.server.stubFor(post(urlEqualTo("/")).withRequestBody(containing("NextToken=t"))
			.willReturn(TestAws.xml(200, page.formatted(member("events"), ""))));
		answer("PublishBatch", published(IntStream.range(0, 10).boxed().toList(), Map.of()));
		SnsTopic topic = topic("events");
		topic.check();
		StepVerifier.create(this.test.relay(topic).deliver(TestRelay.entries(20, "a"))).expectComplete().verify(LIMIT);
		assertThat(requests("PublishBatch")).hasSize(2)
			.allSatisfy((request) -> assertThat(request).containsEntry("TopicArn", ARN + "events"));
		assertThat(requests("ListTopics")).hasSize(2);
	}

	private static String member(String name) {
		return "<member><TopicArn>" + ARN + name + "</TopicArn></member>";
	}

	@Test
	void shouldRefuseATopicThatDoesNotExist() {
		answer("GetTopicAttributes", TestAws.refusal(404, "NotFound", "Topic does not exist"));
		assertThatExceptionOfType(SettingsRefusedException.class).isThrownBy(topic(ARN + "nowhere")::check)
			.withMessage("There is no topic switchboard.events.sns.topic=" + ARN + "nowhere.");
		answer("ListTopics", TestAws.xml(200,
				"<ListTopicsResponse><ListTopicsResult><Topics/></ListTopicsResult></ListTopicsResponse>"));
		assertThatExceptionOfType(SettingsRefusedException.class).isThrownBy(topic("nowhere")::check)
			.withMessage("There is no topic switchboard.events.sns.topic=nowhere.");
	}

	@Test
	void shouldStartIfAccessIsDeniedAndNameTheRights(CapturedOutput output) {
		answer("GetTopicAttributes", TestAws.refusal(403, "AuthorizationError", "not authorized"));
		assertThatNoException().isThrownBy(topic(ARN + "events")::check);
		assertThat(output).contains("switchboard.events.sns.topic=" + ARN + "events was not checked",
				"AuthorizationError", "sns:Publish");
	}

}

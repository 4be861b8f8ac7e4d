package dev.switchboard.aws;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.switchboard.aws.TestRelay.Script;
import dev.switchboard.event.EventEntry;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class AwsRelayTests {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private final TestRelay test = new TestRelay();

	private void deliver(Script script, List<EventEntry> entries) {
		StepVerifier.create(this.test.relay(script).deliver(entries)).expectComplete().verify(LIMIT);
	}

	private StepVerifier.LastStep failing(Script script, List<EventEntry> entries) {
		return StepVerifier.create(this.test.relay(script).deliver(entries));
	}

	private static Script standard(Map<String, List<String>> codes) {
		return new Script(false, codes);
	}

	private static Script fifo(Map<String, List<String>> codes) {
		return new Script(true, codes);
	}

	private static String large() {
		return "\"" + "x".repeat(100_000) + "\"";
	}

	/** Peers: awspring/spring-cloud-aws #1374. */
	@Test
	void shouldSendTenEventsInARequest() {
		Script script = standard(Map.of());
		deliver(script, TestRelay.entries(25, "a"));
		assertThat(script.batches).extracting(List::size).containsExactly(10, 10, 5);
		assertThat(script.taken()).containsExactlyElementsOf(IntStream.range(0, 25).mapToObj((n) -> "a#" + n).toList());
		assertThat(this.test.count("delivered")).isEqualTo(25);
	}

	/** Peers: snowplow/stream-collector #125, vmihailenco/taskq #36. */
	@Test
	void shouldSendNoLargerRequestThanTheServiceTakes() {
		Script script = standard(Map.of());
		deliver(script, IntStream.range(0, 5).mapToObj((n) -> TestRelay.entry("a", n, large())).toList());
		assertThat(script.batches).containsExactly(List.of("a#0", "a#1"), List.of("a#2", "a#3"), List.of("a#4"));
	}

	@Test
	void shouldSendOneEventOfAnAgentInARequestOfAFifoQueue() {
		Script script = fifo(Map.of());
		deliver(script, TestRelay.entries(6, "a", "a", "b"));
		assertThat(script.batches).containsExactly(List.of("a#0", "b#2"), List.of("a#1", "b#5"), List.of("a#3"),
				List.of("a#4"));
	}

	/** Peers: JasperFx/wolverine #3503, aws/eventbridge-kafka-connector #46. */
	@Test
	void shouldSendARefusedEventAgainAndNotThoseThatWereTaken() {
		Script script = standard(Map.of("a#3", List.of("InternalError", "ThrottlingException")));
		deliver(script, TestRelay.entries(5, "a"));
		assertThat(script.batches).containsExactly(List.of("a#0", "a#1", "a#2", "a#3", "a#4"), List.of("a#3"),
				List.of("a#3"));
		assertThat(this.test.count("delivered")).isEqualTo(5);
		assertThat(this.test.count("refused")).isEqualTo(2);
	}

	@Test
	void shouldKeepTheOrderOfAnAgentInAFifoQueueThatRefusesSomeEvents() {
		Script script = fifo(Map.of("a#0", List.of("InternalError"), "a#2", List.of("InternalError", "InternalError"),
				"b#3", List.of("InternalError")));
		deliver(script, TestRelay.entries(12, "a", "b"));
		assertThat(script.taken()).hasSize(12);
		for (String agent : List.of("a", "b")) {
			assertThat(script.taken().stream().filter((name) -> name.startsWith(agent)))
				.containsExactlyElementsOf(TestRelay.entries(12, "a", "b")
					.stream()
					.map(RelayMessage::of)
					.map(Script::name)
					.filter((name) -> name.startsWith(agent))
					.toList());
		}
	}

	@Test
	void shouldFailAfterSomeTriesIfEventsAreStillRefused() {
		Script script = standard(Map.of("a#1",
				List.of("InternalError", "InternalError", "InternalError", "InternalError", "InternalError")));
		failing(script, TestRelay.entries(3, "a"))
			.expectErrorMessage("switchboard.test=1: TEST refuses messages: InternalError: by the script")
			.verify(LIMIT);
		assertThat(script.batches).hasSize(4);
	}

	@Test
	void shouldFailAtOnceIfARequestFails() {
		Script script = standard(Map.of()).failNext(TestAws.refusal("AccessDenied"));
		failing(script, TestRelay.entries(30, "a"))
			.expectErrorMessage("switchboard.test=1: TEST answers AccessDenied: by the test")
			.verify(LIMIT);
		assertThat(script.batches).hasSize(1);
	}

	/**
	 * A refusal of the whole queue, such as of its key, is no reason to drop an event.
	 */
	@Test
	void shouldDropNothingIfTheReceiverMayTakeItLater() {
		Script script = standard(
				Map.of("a#0", List.of("KmsAccessDenied", "KmsAccessDenied", "KmsAccessDenied", "KmsAccessDenied")));
		failing(script, TestRelay.entries(1, "a")).expectError(IllegalStateException.class).verify(LIMIT);
		assertThat(this.test.count("dropped")).isZero();
	}

	/** Peers: debezium/debezium #7716: one bad record must not stop the others. */
	@Test
	void shouldSendAnEventThatIsRefusedForGoodWithoutItsData() {
		Script script = fifo(Map.of("a#0", List.of("InvalidParameterValue")));
		deliver(script, TestRelay.entries(2, "a"));
		assertThat(script.taken()).containsExactly("a#0", "a#1");
		assertThat(script.taken).extracting(RelayMessage::whole).containsExactly(false, true);
		assertThat(this.test.count("without_data")).isEqualTo(1);
		assertThat(this.test.count("delivered")).isEqualTo(1);
	}

	@Test
	void shouldDropAnEventThatIsRefusedWithoutItsDataToo() {
		Script script = standard(Map.of("a#1", List.of("InvalidMessageContents", "InvalidMessageContents")));
		deliver(script, TestRelay.entries(3, "a"));
		assertThat(script.taken()).containsExactly("a#0", "a#2");
		assertThat(this.test.count("dropped")).isEqualTo(1);
	}

	/** Peers: seatgeek/nomad-firehose #48: two messages may be too large together. */
	@Test
	void shouldFindTheEventThatMakesARequestFail() {
		Script script = standard(Map.of()).poison("a#4");
		deliver(script, TestRelay.entries(12, "a"));
		assertThat(script.taken())
			.containsExactlyElementsOf(IntStream.range(0, 12).filter((n) -> n != 4).mapToObj((n) -> "a#" + n).toList());
		assertThat(this.test.count("dropped")).isEqualTo(1);
	}

	@Test
	void shouldSendManyEventsThroughSeveralLanesEachAgentInOrder() {
		Script script = fifo(Map.of());
		String[] agents = IntStream.range(0, 50).mapToObj((n) -> "agent" + n).toArray(String[]::new);
		List<EventEntry> entries = TestRelay.entries(500, agents);
		deliver(script, entries);
		assertThat(script.taken()).hasSize(500);
		Map<String, List<Long>> numbers = script.taken.stream()
			.collect(Collectors.groupingBy((message) -> message.event().source(),
					Collectors.mapping((message) -> message.position().batch(), Collectors.toList())));
		assertThat(numbers).hasSize(50).allSatisfy((_, order) -> assertThat(order).hasSize(10).isSorted());
	}

	@Test
	void shouldFinishTheOtherLanesIfOneFails() {
		String[] agents = IntStream.range(0, 50).mapToObj((n) -> "agent" + n).toArray(String[]::new);
		Script script = standard(Map.of()).failNext(new IllegalStateException(new TimeoutException()));
		failing(script, TestRelay.entries(500, agents)).expectError(IllegalStateException.class).verify(LIMIT);
		assertThat(script.taken()).hasSizeGreaterThan(300);
	}

}

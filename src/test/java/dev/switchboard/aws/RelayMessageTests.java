package dev.switchboard.aws;

import java.nio.charset.StandardCharsets;

import dev.switchboard.event.EventEntry;
import dev.switchboard.event.EventPosition;
import dev.switchboard.json.Envelope;
import dev.switchboard.json.Payload;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RelayMessageTests {

	private static String quoted(String text) {
		return "\"" + text + "\"";
	}

	@Test
	void shouldHaveTheEventAndWhatSubscribersFilterBy() {
		EventEntry event = TestRelay.entry("laptop", 7);
		RelayMessage message = RelayMessage.of(event);
		assertThat(message.body()).isEqualTo(event.json().text());
		assertThat(message.attributes()).containsOnlyKeys("content-type", "type", "subject", "tenant", "agent")
			.containsEntry("type", "switchboard.event")
			.containsEntry("subject", "job/done")
			.containsEntry("tenant", "acme")
			.containsEntry("agent", "laptop");
	}

	/** Peers: softwaremill/elasticmq #373, eclipse-apoapsis/ort-server #600. */
	@Test
	void shouldHaveNoEmptyAttribute() {
		EventEntry event = TestRelay.entry("laptop", 7);
		EventEntry without = new EventEntry(event.position(), event.json(), "elsewhere", event.type(), "");
		assertThat(RelayMessage.of(without).attributes()).containsOnlyKeys("content-type", "type");
	}

	@Test
	void shouldHaveTheAgentAsItsGroup() {
		assertThat(RelayMessage.of(TestRelay.entry("laptop", 7)).group()).isEqualTo("/v1/tenants/acme/agents/laptop");
	}

	/** Peers: localstack/localstack #9923. */
	@Test
	void shouldHaveADigestAsItsGroupIfTheAgentHasALongName() {
		String longest = "a".repeat(104);
		assertThat(RelayMessage.of(TestRelay.entry(longest, 1)).group()).hasSize(128).endsWith(longest);
		String group = RelayMessage.of(TestRelay.entry(longest + "a", 1)).group();
		assertThat(group).matches("[0-9a-f]{64}")
			.isEqualTo(RelayMessage.of(TestRelay.entry(longest + "a", 2)).group())
			.isNotEqualTo(RelayMessage.of(TestRelay.entry(longest + "b", 1)).group());
	}

	@Test
	void shouldKeepItsDeduplicationIdWhereverTheEventIsInTheLog() {
		EventEntry event = TestRelay.entry("laptop", 7);
		EventEntry moved = new EventEntry(new EventPosition(1, 1), event.json(), event.source(), event.type(),
				event.subject());
		String id = RelayMessage.of(event).deduplicationId();
		assertThat(id).matches("[0-9a-f]{64}").isEqualTo(RelayMessage.of(moved).deduplicationId());
		assertThat(id).isNotEqualTo(RelayMessage.of(TestRelay.entry("laptop", 8)).deduplicationId())
			.isNotEqualTo(RelayMessage.of(TestRelay.entry("desktop", 7)).deduplicationId());
	}

	/** Peers: redpanda-data/connect #345, kibertoad/fauxqs #278, ministack #987. */
	@Test
	void shouldEscapeTheCharactersOfJsonThatSqsRefuses() {
		String odd = "\uFFFE\uFFFF\u007F\uD83D\uDE00";
		String body = RelayMessage.of(TestRelay.entry("laptop", 1, quoted(odd))).body();
		assertThat(body).contains("\\ufffe\\uffff\u007F\uD83D\uDE00").doesNotContain("\uFFFE", "\uFFFF");
		assertThat(Envelope.parse(body.getBytes(StandardCharsets.UTF_8)).string("data")).isEqualTo(odd);
	}

	/** Peers: hookdeck/outpost #845, aws/aws-sdk-java-v2 #5888. */
	@Test
	void shouldLeaveTheDataOutIfTheMessageWouldBeTooLarge() {
		EventEntry small = TestRelay.entry("laptop", 1, quoted(""));
		int room = RelayMessage.LIMIT - RelayMessage.of(small).size();
		RelayMessage fits = RelayMessage.of(TestRelay.entry("laptop", 1, quoted("x".repeat(room))));
		assertThat(fits.whole()).isTrue();
		assertThat(fits.size()).isEqualTo(RelayMessage.LIMIT);
		RelayMessage large = RelayMessage.of(TestRelay.entry("laptop", 1, quoted("x".repeat(room + 1))));
		assertThat(large.whole()).isFalse();
		assertThat(large.attributes()).containsEntry("dataomitted", "true").containsEntry("agent", "laptop");
		Envelope members = Envelope.parse(large.body().getBytes(StandardCharsets.UTF_8));
		assertThat(members.names()).containsExactlyInAnyOrder("specversion", "id", "source", "type", "subject", "time",
				"dataomitted");
		assertThat(members.payload("dataomitted")).isEqualTo(Payload.TRUE);
		assertThat(members.string("id")).isEqualTo("1");
	}

	@Test
	void shouldCountBytesAndNotCharacters() {
		int ascii = RelayMessage.of(TestRelay.entry("laptop", 1, quoted("x"))).size();
		assertThat(RelayMessage.of(TestRelay.entry("laptop", 1, quoted("\u20AC"))).size()).isEqualTo(ascii + 2);
	}

}

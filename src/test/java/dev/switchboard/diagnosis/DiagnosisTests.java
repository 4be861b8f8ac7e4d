package dev.switchboard.diagnosis;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import dev.switchboard.json.Envelope;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DiagnosisTests {

	private static final NodeId OTHER = NodeId.parse("00000000-0000-4000-8000-000000000002");

	private static final Sighting ONLINE = new Sighting.Online(TestEvents.NODE, false);

	private static final Sighting OFFLINE = new Sighting.Offline(Instant.ofEpochSecond(60), false);

	@Test
	void shouldHaveExactlyTheMembersOfTheContractForAConnectedAgent() {
		AgentHistory history = AgentHistory.NONE.with(TestEvents.close(1, 4001, "heartbeat missed"))
			.with(TestEvents.refusal(2))
			.with(new RecentCall(Instant.ofEpochSecond(3), "c", "m", "completed", null, 5));
		HeldConnection connection = new HeldConnection(7, "192.0.2.9:1", 0, 2, 40L, 11_200L);
		assertThat(text(ONLINE, answer(TestEvents.NODE, connection, history))).isEqualTo(
				"{\"tenant\":\"acme\",\"agent\":\"laptop\",\"reachable\":true,\"because\":\"The agent is connected to "
						+ "node 00000000-0000-4000-8000-000000000001 and answered a ping in 12 ms.\",\"presence\":\"online\","
						+ "\"node\":\"00000000-0000-4000-8000-000000000001\",\"roundTripMillis\":12,\"queuedBytes\":0,"
						+ "\"callsInFlight\":2,\"oldestCallMillis\":40,\"lastCloses\":[{\"at\":\"1970-01-01T00:00:01.000Z\","
						+ "\"code\":4001,\"reason\":\"heartbeat missed\",\"node\":\"00000000-0000-4000-8000-000000000001\"}],"
						+ "\"refusedHandshakes\":[{\"at\":\"1970-01-01T00:00:02.000Z\",\"problem\":\"forbidden\","
						+ "\"detail\":\"No\",\"remoteAddress\":\"192.0.2.1:7\","
						+ "\"node\":\"00000000-0000-4000-8000-000000000001\"}],\"recentCalls\":[{\"at\":"
						+ "\"1970-01-01T00:00:03.000Z\",\"id\":\"c\",\"method\":\"m\",\"outcome\":\"completed\",\"millis\":5}],"
						+ "\"clonedFrom\":[]}");
	}

	@Test
	void shouldSayThatAConnectedAgentIsSilent() {
		HeldConnection silent = new HeldConnection(7, null, 0, 0, null, null);
		Envelope diagnosis = diagnose(ONLINE, answer(TestEvents.NODE, silent, AgentHistory.NONE));
		assertThat(diagnosis.payload("reachable").text()).isEqualTo("false");
		assertThat(diagnosis.string("because")).isEqualTo(
				"The agent is connected to node " + TestEvents.NODE + ", but did not answer a ping within 500 ms.");
		assertThat(diagnosis.optionalInteger("roundTripMillis")).isNull();
	}

	@Test
	void shouldSayThatAnAgentReadsTooSlowly() {
		HeldConnection slow = new HeldConnection(7, null, 9000, 0, null, null);
		assertThat(diagnose(ONLINE, answer(TestEvents.NODE, slow, AgentHistory.NONE)).string("because"))
			.contains("9000 bytes wait for it to read");
	}

	@Test
	void shouldBelieveTheNodeWithTheNewestConnection() {
		HeldConnection older = new HeldConnection(7, null, 0, 0, null, null);
		HeldConnection newer = new HeldConnection(8, null, 0, 0, null, 1L);
		Envelope diagnosis = diagnose(ONLINE, answer(TestEvents.NODE, older, AgentHistory.NONE),
				answer(OTHER, newer, AgentHistory.NONE));
		assertThat(diagnosis.string("node")).isEqualTo(OTHER.toString());
		assertThat(diagnosis.payload("reachable").text()).isEqualTo("true");
	}

	@Test
	void shouldSayThatTheNodeOfTheAgentDoesNotAnswer() {
		Envelope diagnosis = diagnose(ONLINE, new NodeAnswer(TestEvents.NODE, null),
				answer(OTHER, null, AgentHistory.NONE));
		assertThat(diagnosis.string("because")).contains(TestEvents.NODE.toString(), "does not answer this node");
		assertThat(diagnosis.string("presence")).isEqualTo("online");
		assertThat(diagnosis.string("node")).isEqualTo(TestEvents.NODE.toString());
	}

	@Test
	void shouldSayHowTheLastConnectionEndedAndThatALaterHandshakeWasRefused() {
		AgentHistory history = AgentHistory.NONE.with(TestEvents.close(1, 4001, "heartbeat missed"));
		assertThat(diagnose(OFFLINE, answer(TestEvents.NODE, null, history)).string("because")).isEqualTo(
				"The agent is offline since 1970-01-01T00:01:00.000Z; its last connection was closed with 4001 heartbeat missed.");
		assertThat(diagnose(OFFLINE, answer(TestEvents.NODE, null, history),
				answer(OTHER, null, AgentHistory.NONE.with(TestEvents.refusal(2))))
			.string("because"))
			.endsWith("4001 heartbeat missed; its last handshake was refused at "
					+ "1970-01-01T00:00:02.000Z as forbidden (No).");
	}

	@Test
	void shouldSayThatAnAgentWasNeverSeenOrThatTheDirectoryIsAway() {
		assertThat(diagnose(new Sighting.NeverSeen()).string("because"))
			.isEqualTo("The agent was never seen in this tenant.");
		assertThat(diagnose(new Sighting.NeverSeen()).string("presence")).isEqualTo("never-seen");
		assertThat(diagnose(new Sighting.Unknown()).string("because")).startsWith("The directory does not answer");
	}

	@Test
	void shouldMergeTheEventsOfAllNodesTheNewestFirst() {
		AgentHistory even = AgentHistory.NONE;
		AgentHistory odd = AgentHistory.NONE;
		for (int second = 0; second < 20; second += 2) {
			even = even.with(TestEvents.close(second, 1006, ""));
			odd = odd.with(TestEvents.close(second + 1, 1006, ""));
		}
		Envelope diagnosis = diagnose(OFFLINE, answer(TestEvents.NODE, null, even), answer(OTHER, null, odd));
		assertThat(diagnosis.objects("lastCloses")).extracting((close) -> close.string("at"))
			.containsExactlyElementsOf(IntStream.iterate(19, (second) -> second - 1)
				.limit(10)
				.mapToObj((second) -> String.format("1970-01-01T00:00:%02d.000Z", second))
				.toList());
	}

	@Test
	void shouldNameTheOtherMachinesOfAnAgentThatFlapsAndOnlyThen() {
		AgentHistory history = AgentHistory.NONE.with(SecondMachine.at("192.0.2.1:1", Instant.EPOCH))
			.with(SecondMachine.at("192.0.2.1:2", Instant.EPOCH))
			.with(SecondMachine.at("192.0.2.2:1", Instant.EPOCH));
		HeldConnection connection = new HeldConnection(7, null, 0, 0, null, 1L);
		NodeAnswer answer = answer(TestEvents.NODE, connection, history);
		assertThat(diagnose(ONLINE, answer).objects("clonedFrom")).isEmpty();
		Envelope flapping = diagnose(new Sighting.Online(TestEvents.NODE, true), answer);
		assertThat(flapping.objects("clonedFrom")).extracting((machine) -> machine.string("address"))
			.containsExactlyInAnyOrder("192.0.2.1", "192.0.2.2");
		assertThat(flapping.string("because")).contains("another machine with its identity");
	}

	@Test
	void shouldReadWhatAnotherNodeWrites() {
		AgentHistory history = AgentHistory.NONE.with(TestEvents.close(1, 4001, "heartbeat missed"))
			.with(TestEvents.refusal(2))
			.with(new RecentCall(Instant.ofEpochSecond(3), "c", "m", "unknown", "agent-disconnected", 5))
			.with(SecondMachine.at("192.0.2.1:2", Instant.EPOCH));
		for (Findings findings : List.of(new Findings(new HeldConnection(7, "192.0.2.9:1", 1, 2, 40L, 5L), history),
				new Findings(new HeldConnection(7, null, 0, 0, null, null), AgentHistory.NONE),
				new Findings(null, history))) {
			assertThat(Findings.read(findings.json())).isEqualTo(findings);
		}
	}

	private static NodeAnswer answer(NodeId node, @Nullable HeldConnection connection, AgentHistory history) {
		return new NodeAnswer(node, new Findings(connection, history));
	}

	private static Envelope diagnose(Sighting sighting, NodeAnswer... answers) {
		return Envelope.parse(new Diagnosis(TestEvents.agent("laptop"), sighting, List.of(answers), null).json());
	}

	private static String text(Sighting sighting, NodeAnswer... answers) {
		return new String(new Diagnosis(TestEvents.agent("laptop"), sighting, List.of(answers), null).json(),
				StandardCharsets.UTF_8);
	}

}

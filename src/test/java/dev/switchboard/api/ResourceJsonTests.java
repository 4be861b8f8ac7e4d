package dev.switchboard.api;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.switchboard.directory.AgentPage;
import dev.switchboard.directory.Claim;
import dev.switchboard.directory.LastClose;
import dev.switchboard.label.AgentDescription;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.AgentPresence;
import dev.switchboard.routing.TestRouting;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ResourceJsonTests {

	private static final NodeId NODE = NodeId.parse("00000000-0000-4000-8000-000000000001");

	private static final ConnectionId CONNECTION = ConnectionId.parse("00000000-0000-4000-8000-000000000002");

	private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678901Z");

	private static final AgentPresence AGENT = new AgentPresence(
			new Claim(new AgentId("acme", "laptop"), CONNECTION, 7, TIME, "192.0.2.1"), NODE, TIME, true, null,
			AgentDescription.NONE);

	@Test
	void shouldWriteTimesInMilliseconds() {
		assertThat(text(ResourceJson.agent(AGENT)))
			.isEqualTo("{\"tenant\":\"acme\",\"agent\":\"laptop\",\"status\":\"online\",\"node\":\"" + NODE
					+ "\",\"flapping\":true,\"connectionId\":\"" + CONNECTION
					+ "\",\"epoch\":7,\"connectedAt\":\"2026-01-02T03:04:05.678Z\","
					+ "\"lastSeen\":\"2026-01-02T03:04:05.678Z\",\"remoteAddress\":\"192.0.2.1\"}");
	}

	@Test
	void shouldWriteWhatAnAgentSaysAboutItself() {
		AgentDescription description = AgentDescription
			.of(new Frame.Hello(Map.of("site", "edge", "env", "prod"), "1.2"));
		AgentPresence described = new AgentPresence(AGENT.claim(), null, TIME, false, null, description);
		assertThat(text(ResourceJson.agent(described)))
			.endsWith(",\"agentVersion\":\"1.2\",\"labels\":{\"env\":\"prod\",\"site\":\"edge\"}}");
	}

	@Test
	void shouldWriteHowTheLastConnectionEnded() {
		AgentPresence offline = new AgentPresence(AGENT.claim(), null, TIME, false,
				new LastClose(4001, "heartbeat missed", TIME), AgentDescription.NONE);
		assertThat(text(ResourceJson.agent(offline))).contains("\"status\":\"offline\"")
			.endsWith(",\"lastClose\":{\"code\":4001,\"reason\":\"heartbeat missed\","
					+ "\"at\":\"2026-01-02T03:04:05.678Z\"}}");
	}

	@Test
	void shouldWriteACursorUnlessThePageIsTheLast() {
		assertThat(text(ResourceJson.agents(new AgentPage<>(List.of(), null)))).isEqualTo("{\"agents\":[]}");
		assertThat(text(ResourceJson.agents(new AgentPage<>(List.of(), "laptop"))))
			.isEqualTo("{\"agents\":[],\"next\":\"" + AgentQuery.cursor("laptop") + "\"}");
	}

	@Test
	void shouldWriteNodes() {
		assertThat(text(ResourceJson.nodes(List.of(TestRouting.OTHER)))).isEqualTo("{\"nodes\":[{\"id\":\""
				+ TestRouting.OTHER.id() + "\",\"address\":\"127.0.0.1:8070\",\"state\":\"up\",\"connections\":3,"
				+ "\"capacity\":10,\"lastHeartbeat\":\"1970-01-01T00:00:00.000Z\"}]}");
	}

	private static String text(byte[] json) {
		return new String(json, StandardCharsets.UTF_8);
	}

}

package dev.switchboard.contract;

import java.util.ArrayList;
import java.util.List;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("A node's own limits and its end")
class NodeIT {

	@Test
	@DisplayName("too many handshakes | 503 with Retry-After; 1001, 1012 | the node leaves or restarts")
	void shouldLimitHandshakesAndTellAgentsOfItsEnd() throws Exception {
		try (GatewayProcess gateway = GatewayProcess.start("switchboard.agent.handshake-rate=5")) {
			List<RawResponse> answers = new ArrayList<>();
			for (int i = 0; i < 60; i++) {
				answers.add(handshake(gateway, Identity.fresh()));
			}
			assertThat(answers).extracting(RawResponse::status).contains(101, 503).containsOnly(101, 503);
			assertThat(answers).filteredOn((each) -> each.status() == 503)
				.allSatisfy((each) -> assertThat(each.header("retry-after")).matches("[1-9][0-9]*"));
			List<TestAgent> agents = new ArrayList<>();
			for (TestAgent.Kind kind : TestAgent.Kind.values()) {
				Awaitility.await("the rate's next permit")
					.ignoreExceptions()
					.untilAsserted(() -> agents.add(kind.connect(gateway, Identity.fresh())));
			}
			Thread.ofVirtual().start(gateway::stop);
			for (TestAgent agent : agents) {
				assertThat(agent.awaitClose()).isIn(1001, 1012);
			}
		}
	}

	private static RawResponse handshake(GatewayProcess gateway, Identity identity) throws Exception {
		return RawSocketAgent.handshake(gateway,
				"/v1/connect?tenant=" + identity.tenant() + "&agent=" + identity.agent(),
				"Sec-WebSocket-Protocol: switchboard.v1.json");
	}

}

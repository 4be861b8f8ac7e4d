package dev.switchboard.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("A node's own limits and its end")
class NodeIT {

	/** The exit code of a process that this signal ended in order. */
	private static final int SIGTERM = 128 + 15;

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

	@Test
	@DisplayName("1001, 1012 | a thousand idle agents are told, and the node ends within its grace")
	void shouldTellAThousandAgentsOfItsEnd() throws Exception {
		try (GatewayProcess gateway = GatewayProcess.start("switchboard.agent.handshake-rate=1000000")) {
			List<TestAgent> agents = new ArrayList<>();
			for (int i = 0; i < 1000; i++) {
				agents.add(RawSocketAgent.connect(gateway, Identity.fresh()));
			}
			CompletableFuture<Void> stopped = CompletableFuture.runAsync(gateway::stop);
			List<Integer> codes = agents.parallelStream().map(NodeIT::closeCode).toList();
			assertThat(codes).hasSize(1000).allSatisfy((code) -> assertThat(code).isIn(1001, 1012));
			stopped.get(60, TimeUnit.SECONDS);
			assertThat(gateway.awaitExit()).isEqualTo(SIGTERM);
		}
	}

	private static int closeCode(TestAgent agent) {
		try (agent) {
			return agent.awaitClose();
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

	private static RawResponse handshake(GatewayProcess gateway, Identity identity) throws Exception {
		return RawSocketAgent.handshake(gateway,
				"/v1/connect?tenant=" + identity.tenant() + "&agent=" + identity.agent(),
				"Sec-WebSocket-Protocol: switchboard.v1.json");
	}

}

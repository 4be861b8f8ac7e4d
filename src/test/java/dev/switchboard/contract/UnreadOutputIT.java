package dev.switchboard.contract;

import java.time.Duration;
import java.util.List;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("A log that nobody reads")
class UnreadOutputIT {

	/**
	 * The number of requests whose log lines fill a pipe, at some hundred bytes a line.
	 */
	private static final int REQUESTS = 500;

	@Test
	@DisplayName("standard output is a full pipe, and malformed requests come | calls are answered")
	void shouldAnswerCallsWhileItsOutputTakesNothing() throws Exception {
		try (GatewayProcess gateway = GatewayProcess.startUnread("logging.level.reactor.netty=debug");
				Neighbour neighbour = new Neighbour(gateway)) {
			for (int port : List.of(gateway.apiPort(), gateway.agentPort(), gateway.managementPort())) {
				for (int i = 0; i < REQUESTS; i++) {
					RawHttp.get(port, "/" + "x".repeat(5000));
				}
			}
			neighbour.assertUndisturbed();
			Caller caller = new Caller(gateway);
			Awaitility.await()
				.atMost(Duration.ofMinutes(2))
				.until(() -> caller.metric("switchboard_log_discarded_total") > 0);
			neighbour.assertUndisturbed();
			for (String listener : List.of("api", "agent", "management")) {
				assertThat(caller.metric("switchboard_requests_malformed_total{listener=\"" + listener + "\"}"))
					.as(listener)
					.isEqualTo(REQUESTS);
			}
		}
	}

}

package dev.switchboard.contract;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("slow")
@DisplayName("A node with another forwarding secret than the rest")
class SecretsIT {

	private static final MariaDbServer DATABASE = MariaDbServer.shared();

	private static final String RIGHT = "the secret that the nodes of this test share";

	private final String name = DATABASE.createDatabase();

	@Test
	@DisplayName("is not ready, says why and takes no agents; the others go on")
	void shouldBeTheOnlyOneThatIsNotReady() throws Exception {
		try (GatewayProcess first = launch(RIGHT); GatewayProcess second = launch(RIGHT)) {
			first.awaitReady();
			second.awaitReady();
			try (GatewayProcess odd = launch("a secret that was mistyped in one place")) {
				await(() -> forwarding(odd).path("status").asString("").equals("OUT_OF_SERVICE")
						&& forwarding(odd).path("details").path("refusedBy").size() == 2);
				assertThat(new Caller(odd).management("/actuator/health/readiness").statusCode()).isEqualTo(503);
				assertThat(forwarding(odd).path("details").path("reason").asString())
					.contains("switchboard.forwarding.secret");
				assertThat(odd.log()).contains("2 of 2 other nodes do not accept this node's requests");
				assertThat(RawHttp.get(odd.agentPort(), "/healthz").status()).isEqualTo(503);
				assertThat(RawSocketAgent
					.handshake(odd, "/v1/connect?tenant=t&agent=a", "Sec-WebSocket-Protocol: switchboard.v1.json")
					.status()).isEqualTo(503);
				for (GatewayProcess each : List.of(first, second)) {
					assertThat(new Caller(each).management("/actuator/health/readiness").statusCode()).isEqualTo(200);
					assertThat(RawHttp.get(each.agentPort(), "/healthz").status()).isEqualTo(200);
					assertThat(new Caller(each).metric("switchboard_forwarding_refused_total")).isPositive();
				}
			}
		}
	}

	private GatewayProcess launch(String secret) {
		return GatewayProcess.launch("spring.r2dbc.url=" + DATABASE.url(this.name), "spring.r2dbc.username=root",
				"switchboard.node.lease=5s", "switchboard.forwarding.secret=" + secret);
	}

	private static JsonNode forwarding(GatewayProcess node) throws Exception {
		return Json.parse(new Caller(node).management("/actuator/health/readiness"))
			.path("components")
			.path("forwarding");
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(condition);
	}

}

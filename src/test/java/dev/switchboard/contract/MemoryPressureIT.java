package dev.switchboard.contract;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Pushes wait for agents that do not read, until the memory of the node is short. */
@Tag("slow")
@DisplayName("A node whose memory for direct buffers fills")
class MemoryPressureIT {

	private static final int READERS = 40;

	/** Four of them fit into a queue. */
	private static final String PUSH = "{\"method\":\"m\",\"payload\":\"" + "x".repeat(200_000) + "\"}";

	@AutoClose
	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final List<RawSocketAgent> readers = new ArrayList<>();

	@Test
	@DisplayName("| takes no agents, says why, and takes them again when there is room")
	void shouldTakeNoAgentsWhileTheDirectMemoryIsShort() throws Exception {
		try (GatewayProcess gateway = GatewayProcess.start("-XX:MaxDirectMemorySize=24m",
				"switchboard.agent.heartbeat=10m", "switchboard.overload.direct.handshakes=30")) {
			fillAndEmpty(gateway);
		}
	}

	private void fillAndEmpty(GatewayProcess gateway) throws Exception {
		String reason = "the memory for direct buffers in use is";
		for (int i = 0; i < READERS; i++) {
			this.readers.add(RawSocketAgent.connect(RawHttp.openNarrow(gateway.agentPort()), reader(i)));
		}
		for (int i = 0; i < READERS && handshake(gateway) == 101; i++) {
			for (int pushes = 0; pushes < 4; pushes++) {
				push(gateway, reader(i));
			}
		}
		awaitHandshake(gateway, 503);
		assertThat(health(gateway)).contains("\"level\":\"no-handshakes\"", reason);
		assertThat(gateway.readiness()).isEqualTo(200);
		assertThat(gateway.log()).contains("This node is overloaded (no-handshakes after normal): " + reason);
		for (RawSocketAgent reader : this.readers) {
			reader.close();
		}
		awaitHandshake(gateway, 101);
		assertThat(health(gateway)).contains("\"level\":\"normal\"");
		assertThat(gateway.log()).contains("This node is not overloaded any more");
	}

	private static Identity reader(int number) {
		return new Identity("mute", "reader-" + number);
	}

	private void push(GatewayProcess gateway, Identity agent) {
		var _ = this.http.sendAsync(HttpRequest.newBuilder(gateway.api(agent.pushes()))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(PUSH))
			.build(), BodyHandlers.discarding());
	}

	private static void awaitHandshake(GatewayProcess gateway, int status) {
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.pollInterval(Duration.ofMillis(200))
			.until(() -> handshake(gateway) == status);
	}

	/** Returns the status of the answer to a handshake. */
	private static int handshake(GatewayProcess gateway) throws IOException {
		RawResponse answer = RawHttp.get(gateway.agentPort(), "/v1/connect?tenant=mute&agent=new",
				"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
				"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: switchboard.v1.json");
		assertThat(answer.status()).isIn(101, 503);
		assertThat(answer.headers().containsKey("retry-after")).isEqualTo(answer.status() == 503);
		return answer.status();
	}

	private String health(GatewayProcess gateway) throws Exception {
		return this.http
			.send(HttpRequest.newBuilder(gateway.management("/actuator/health/readiness")).build(),
					BodyHandlers.ofString())
			.body();
	}

}

package dev.switchboard.contract;

import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Peers that are slow, beside a neighbour whose calls go on")
class SlowSocketsIT {

	private static final int SOCKETS = 200;

	private static final byte[] HALF_HEAD = "GET /v1/nodes HTTP/1.1\r\nHost: localhost\r\nX: y"
		.getBytes(StandardCharsets.US_ASCII);

	private static final byte[] HALF_BODY = ("POST /v1/tenants/t/agents/a/calls HTTP/1.1\r\nHost: localhost\r\n"
			+ "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"method\":")
		.getBytes(StandardCharsets.US_ASCII);

	private final List<RawHttp> sockets = new ArrayList<>();

	@AfterEach
	void close() throws IOException {
		for (RawHttp socket : this.sockets) {
			socket.close();
		}
	}

	@Test
	@DisplayName("heads and bodies without an end on all ports | 408, or closed")
	void shouldEndSlowRequests() throws Exception {
		try (GatewayProcess gateway = GatewayProcess.start("switchboard.listener.head-timeout=2s",
				"switchboard.listener.body-timeout=2s", "switchboard.agent.handshake-timeout=2s");
				Neighbour neighbour = new Neighbour(gateway)) {
			Caller caller = new Caller(gateway);
			send(gateway.apiPort(), HALF_HEAD);
			send(gateway.apiPort(), HALF_BODY);
			send(gateway.managementPort(), HALF_HEAD);
			neighbour.assertUndisturbed();
			for (RawHttp socket : this.sockets) {
				RawResponse response = socket.readResponse();
				assertThat(response.status()).isEqualTo(408);
				assertThat(Json.parse(response.body()).get("type").asString())
					.isEqualTo("urn:switchboard:problem:request-timeout");
			}
			int answered = this.sockets.size();
			send(gateway.agentPort(), HALF_HEAD);
			for (RawHttp socket : this.sockets.subList(answered, this.sockets.size())) {
				assertThat(isClosed(socket)).isTrue();
			}
			neighbour.assertUndisturbed();
			assertThat(gateway.readiness()).isEqualTo(200);
			assertThat(caller.metric("switchboard_requests_slow_total{listener=\"api\",part=\"body\"}"))
				.isEqualTo(SOCKETS);
		}
	}

	@Test
	@DisplayName("more idle sockets than descriptors | health checks are answered, and later the API again")
	void shouldAnswerHealthChecksWithoutDescriptorsForTheApi() throws Exception {
		try (GatewayProcess gateway = GatewayProcess.startWithDescriptors(500);
				Neighbour neighbour = new Neighbour(gateway)) {
			for (int i = 0; i < 3; i++) {
				send(gateway.apiPort(), new byte[0]);
			}
			await().until(() -> new Caller(gateway).metric("switchboard_ports_paused_total{listener=\"api\"}") > 0);
			assertThat(gateway.readiness()).isEqualTo(200);
			neighbour.assertUndisturbed();
			close();
			this.sockets.clear();
			await().until(() -> new Caller(gateway).get("/v1/nodes").statusCode() == 200);
			neighbour.assertUndisturbed();
		}
	}

	@Test
	@DisplayName("one network's connections | 503 beyond its share, and other networks get in")
	void shouldLeaveConnectionsToOtherNetworks() throws Exception {
		try (GatewayProcess gateway = GatewayProcess.start("switchboard.listener.max-api-connections=20",
				"switchboard.listener.max-management-connections=20")) {
			for (int port : List.of(gateway.apiPort(), gateway.managementPort())) {
				String target = (port == gateway.apiPort()) ? "/v1/nodes" : "/actuator/health/liveness";
				for (int i = 0; i < 10; i++) {
					this.sockets.add(served("127.0.5." + (1 + i), port, target, 200));
				}
				RawHttp refused = RawHttp.openFrom("127.0.5.99", port);
				this.sockets.add(refused);
				RawResponse response = refused.readResponse();
				assertThat(response.status()).isEqualTo(503);
				assertThat(Integer.parseInt(response.header("retry-after"))).isBetween(1, 10);
				this.sockets.add(served("127.0.6.1", port, target, 200));
			}
		}
	}

	private static RawHttp served(String source, int port, String target, int status) throws IOException {
		RawHttp http = RawHttp.openFrom(source, port);
		http.head("GET " + target, "Host: localhost");
		assertThat(http.readResponse().status()).isEqualTo(status);
		return http;
	}

	private void send(int port, byte[] bytes) throws IOException {
		for (int i = 0; i < SOCKETS; i++) {
			RawHttp socket = RawHttp.open(port, i);
			socket.write(bytes);
			this.sockets.add(socket);
		}
	}

	private static boolean isClosed(RawHttp socket) throws IOException {
		try {
			return socket.in().read() < 0;
		}
		catch (SocketException ex) {
			return true;
		}
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofMinutes(1)).ignoreExceptions();
	}

}

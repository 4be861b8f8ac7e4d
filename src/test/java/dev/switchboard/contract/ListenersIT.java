package dev.switchboard.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Listeners, in dev mode")
@ExtendWith(SharedGateway.class)
class ListenersIT {

	private final GatewayProcess gateway;

	private final Caller caller;

	ListenersIT(GatewayProcess gateway) {
		this.gateway = gateway;
		this.caller = new Caller(gateway);
	}

	@Test
	@DisplayName("Origin that is not on the allow-list | 403 that names the header and the setting, on the agent port")
	void shouldRefuseOriginsOnTheAgentPort() throws IOException {
		assertThat(handshake("Origin: https://evil.example").status()).isEqualTo(403);
		assertThat(handshake("Origin: null").status()).isEqualTo(403);
		assertThat(handshake("Origin: http://localhost:3000").status()).isEqualTo(403);
		assertThat(handshake("Origin: https://evil.example").body()).contains("The Origin 'https://evil.example'",
				"switchboard.agent.allowed-origins");
	}

	/** Python's websocket-client sends this header. */
	@Test
	@DisplayName("Origin that is the Host | 101, on the agent port")
	void shouldTakeTheOriginThatIsTheHost() throws IOException {
		assertThat(handshake("Origin: http://localhost").status()).isEqualTo(101);
		assertThat(handshake("Origin: https://localhost").status()).isEqualTo(101);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "localhost", "127.0.0.1", "[::1]" })
	@DisplayName("\"Try it out\" on the page of the API, by any loopback name | works as it is")
	void shouldTakeTheRequestsOfItsOwnPage(String name) throws Exception {
		Identity me = Identity.fresh();
		String host = name + ":" + this.gateway.apiPort();
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, me);
				RawHttp http = RawHttp.open(this.gateway.apiPort())) {
			http.post(me.calls(), Caller.BODY.getBytes(StandardCharsets.UTF_8), "Host: " + host,
					"Origin: http://" + host);
			agent.answer(agent.nextCall(), "1");
			assertThat(http.readResponse().status()).isEqualTo(200);
		}
	}

	@Test
	@DisplayName("Bytes on the forwarding port that are not HTTP/2 | closed, counted, and one line in the log")
	void shouldCountForeignBytesOnTheForwardingPort() throws Exception {
		double before = malformed("forwarding");
		for (int i = 0; i < 3; i++) {
			try (RawHttp http = RawHttp.open(this.gateway.forwardingPort())) {
				http.head("GET /forged%0Aline", "Host: localhost", "X-Forged: line");
				assertThat(http.in().readAllBytes()).isNotEmpty();
			}
		}
		assertThat(malformed("forwarding")).isEqualTo(before + 3);
		Awaitility.await().until(() -> this.gateway.log().contains("Malformed requests on the forwarding port"));
		assertThat(this.gateway.log()).doesNotContain("orged");
	}

	private double malformed(String listener) throws Exception {
		return this.caller.metric("switchboard_requests_malformed_total{listener=\"" + listener + "\"}");
	}

	@Test
	@DisplayName("GET or HEAD /healthz on the agent port | 200; 405 for the rest")
	void shouldAnswerHealthChecksOnTheAgentPort() throws IOException {
		RawResponse get = RawHttp.get(this.gateway.agentPort(), "/healthz");
		assertThat(get.status()).isEqualTo(200);
		assertThat(get.header("content-length")).isEqualTo("0");
		for (String method : List.of("HEAD", "DELETE")) {
			try (RawHttp http = RawHttp.open(this.gateway.agentPort())) {
				http.head(method + " /healthz", "Host: localhost");
				assertThat(http.readLine()).startsWith("HTTP/1.1 " + (method.equals("HEAD") ? "200" : "405"));
			}
		}
	}

	@Test
	@DisplayName("Origin that is not on the allow-list | 403 problem forbidden, on the API port")
	void shouldRefuseOriginsOnTheApiPort() throws Exception {
		Identity me = Identity.fresh();
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, me)) {
			Problem forbidden = new Problem("forbidden", 403, "not_sent");
			forbidden.in(this.caller.callAndWait(me, Caller.BODY, "Origin", "https://evil.example"));
			forbidden.in(this.caller.get("/v1/nodes", "Origin", "null"));
			this.caller.assertQuiet(me, agent);
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "/actuator/health/liveness", "/actuator/health/readiness", "/actuator/prometheus",
			"/actuator/info" })
	@DisplayName("Origin that is not on the allow-list | 403, on the management port")
	void shouldRefuseOriginsOnTheManagementPort(String path) throws Exception {
		assertThat(this.caller.management(path, "Origin", "https://evil.example").statusCode()).isEqualTo(403);
	}

	@Test
	@DisplayName("the agent port | nothing but agents")
	void shouldServeNoApiOnTheAgentPort() throws IOException {
		assertThat(RawHttp.get(this.gateway.agentPort(), "/v1/nodes").status()).isEqualTo(404);
		assertThat(RawHttp.get(this.gateway.agentPort(), "/actuator/health").status()).isEqualTo(404);
	}

	@Test
	@DisplayName("the API port | no agents")
	void shouldServeNoAgentsOnTheApiPort() throws Exception {
		assertThat(this.caller.get("/v1/connect", Identity.fresh().headers()).statusCode()).isEqualTo(404);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example",
			"10.0.0.1", "localhost@evil.example", "169.254.169.254" })
	@DisplayName("Host that is no loopback name | refused with a problem")
	void shouldRefuseOtherHosts(String host) throws Exception {
		RawResponse response = RawHttp.get(this.gateway.apiPort(), "/v1/nodes", "Host: " + host);
		assertThat(response.status()).isBetween(400, 499);
		assertThat(response.header("content-type")).startsWith("application/problem+json");
		assertThat(response.body()).doesNotContain("\"nodes\"");
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(
			strings = { "localhost", "localhost:8080", "LOCALHOST", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8080" })
	@DisplayName("Host that is a loopback name | served")
	void shouldServeLoopbackHosts(String host) throws Exception {
		assertThat(RawHttp.get(this.gateway.apiPort(), "/v1/nodes", "Host: " + host).status()).isEqualTo(200);
	}

	/** RFC 1122's loopback as the kernel prints it, plain and mapped into IPv6. */
	@Test
	@DisplayName("a plain start | every listener on loopback only")
	void shouldListenOnLoopbackOnly() throws Exception {
		for (int port : List.of(this.gateway.apiPort(), this.gateway.agentPort(), this.gateway.managementPort())) {
			assertThat(listeners(port)).isNotEmpty()
				.allMatch((address) -> address.equals("0100007F") || address.equals("0000000000000000FFFF00000100007F")
						|| address.equals("00000000000000000000000001000000"));
		}
	}

	/** The local addresses, in hex, of the sockets that listen on this port. */
	private static List<String> listeners(int port) throws Exception {
		String suffix = ":%04X".formatted(port);
		return Stream
			.concat(Files.readAllLines(Path.of("/proc/net/tcp")).stream(),
					Files.readAllLines(Path.of("/proc/net/tcp6")).stream())
			.map((line) -> line.strip().split("\\s+", -1))
			.filter((fields) -> fields[1].endsWith(suffix) && fields[3].equals("0A"))
			.map((fields) -> fields[1].substring(0, fields[1].length() - suffix.length()))
			.toList();
	}

	private RawResponse handshake(String origin) throws IOException {
		Identity me = Identity.fresh();
		return RawSocketAgent.handshake(this.gateway, "/v1/connect?tenant=" + me.tenant() + "&agent=" + me.agent(),
				"Sec-WebSocket-Protocol: switchboard.v1.json", origin);
	}

}

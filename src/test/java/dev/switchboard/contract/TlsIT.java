package dev.switchboard.contract;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

import dev.switchboard.GatewayProcess;

import dev.switchboard.agent.SwitchboardAgent;
import dev.switchboard.json.Payload;
import dev.switchboard.tls.TestAuthority;
import dev.switchboard.tls.TestCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@DisplayName("TLS on the agent port, the API port and the management port")
class TlsIT {

	private static final String[] LOCAL = { "-ext", "san=ip:127.0.0.1,dns:localhost" };

	private static final TestAuthority AUTHORITY = new TestAuthority("ours");

	private static final TestCertificate AGENT = AUTHORITY.issueAgent("acme", "laptop-1");

	private static final SSLContext TLS = TestCertificate.client(AUTHORITY, null);

	private static final HttpClient CLIENT = HttpClient.newBuilder()
		.sslContext(TLS)
		.version(HttpClient.Version.HTTP_1_1)
		.build();

	@TempDir
	private static Path folder;

	@SuppressWarnings("NullAway.Init")
	private static TokenIssuer issuer;

	@SuppressWarnings("NullAway.Init")
	private static GatewayProcess gateway;

	@BeforeAll
	static void start() throws Exception {
		issuer = new TokenIssuer();
		AUTHORITY.write(AUTHORITY.issue("CN=first", LOCAL), folder.resolve("own.p12"));
		AUTHORITY.writeTrusted(folder.resolve("trusted.p12"));
		String bundle = "spring.ssl.bundle.jks.node.";
		String jwt = "spring.security.oauth2.resourceserver.jwt.";
		gateway = GatewayProcess.launch("switchboard.security.mode=jwt", jwt + "jwk-set-uri=" + issuer.url("/jwks"),
				jwt + "issuer-uri=" + issuer.url(""), jwt + "audiences=" + TokenIssuer.AUDIENCE,
				bundle + "keystore.location=file:" + folder.resolve("own.p12"), bundle + "keystore.password=changeit",
				bundle + "keystore.type=PKCS12", bundle + "truststore.location=file:" + folder.resolve("trusted.p12"),
				bundle + "truststore.password=changeit", bundle + "truststore.type=PKCS12",
				bundle + "reload-on-update=true", "spring.ssl.bundle.watch.file.quiet-period=200ms",
				"switchboard.agent.ssl.bundle=node", "switchboard.agent.client-auth=want", "server.ssl.bundle=node",
				"management.server.ssl.bundle=node", "switchboard.listener.head-timeout=3s");
		await().atMost(Duration.ofMinutes(3)).until(() -> gateway.isAlive() && isReady());
	}

	private static boolean isReady() throws InterruptedException {
		try {
			return get(gateway.managementPort(), "/actuator/health/readiness").statusCode() == 200;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@AfterAll
	static void stop() {
		try {
			gateway.close();
		}
		finally {
			issuer.close();
		}
	}

	@Test
	@DisplayName("an agent with a certificate alone | connects by wss, and is called")
	void shouldTakeACertificateAsACredential() throws Exception {
		try (SwitchboardAgent agent = agent(AGENT)) {
			assertThat(agent.start().get(60, TimeUnit.SECONDS)).isNotNull();
			assertThat(call("acme", "laptop-1")).contains("\"completed\"").contains("\"hello\"");
		}
	}

	static Stream<List<Object>> refused() throws Exception {
		String other = issuer.token("other", "laptop-1", "agent:connect");
		return Stream.of(List.of(AUTHORITY.issue("CN=nobody"), "", 403),
				List.of(AUTHORITY.issue("CN=laptop-1,O=acme", "-ext", "san=uri:spiffe://e/other"), "", 403),
				List.of(AUTHORITY.issueAgent("acme", "laptop-1"), other, 403),
				List.of(AUTHORITY.issueAgent("acme", "laptop-1"), "x", 401));
	}

	@ParameterizedTest
	@MethodSource("refused")
	@DisplayName("a certificate without the SAN, or a token beside it that is bad or another's | 403 or 401")
	void shouldRefuseACertificateThatIsNotForTheAgent(List<Object> row) throws Exception {
		SSLContext tls = TestCertificate.client(AUTHORITY, (TestCertificate) row.get(0));
		String token = (String) row.get(1);
		assertThat(handshake(tls, token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n"))
			.startsWith("HTTP/1.1 " + row.get(2));
	}

	@Test
	@DisplayName("no certificate where one is wanted | a token is enough, and without it 401")
	void shouldTakeATokenWithoutACertificate() throws Exception {
		String token = issuer.token("acme", "laptop-2", "agent:connect");
		assertThat(handshake(TLS, "Authorization: Bearer " + token + "\r\n")).startsWith("HTTP/1.1 101");
		assertThat(handshake(TLS, "")).startsWith("HTTP/1.1 401");
	}

	static Stream<Integer> ports() {
		return Stream.of(gateway.agentPort(), gateway.apiPort(), gateway.managementPort());
	}

	@ParameterizedTest
	@MethodSource("ports")
	@DisplayName("HTTP in clear text | the connection ends, and no request is served")
	void shouldServeNoClearText(int port) throws Exception {
		assertThat(send(port, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
			.doesNotContain("HTTP/1.1");
	}

	@ParameterizedTest
	@MethodSource("ports")
	@DisplayName("half a ClientHello | the connection ends in time")
	void shouldEndAHandshakeThatTakesTooLong(int port) throws Exception {
		assertThat(send(port, new byte[] { 22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3 })).doesNotContain("HTTP/1.1");
	}

	@ParameterizedTest
	@MethodSource("ports")
	@DisplayName("a ClientHello of 16 MB | the connection ends before that")
	void shouldEndAHandshakeThatIsTooLong(int port) throws Exception {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
				socket.setSoTimeout(60_000);
				byte[] fragment = new byte[5 + 16_000];
				System.arraycopy(new byte[] { 22, 3, 3, 16_000 >> 8, (byte) 16_000, 1, (byte) 0xFF, 0, 0 }, 0, fragment,
						0, 9);
				for (int i = 0; i < 1000; i++) {
					socket.getOutputStream().write(fragment);
					fragment[5] = 0;
				}
			}
		});
	}

	@ParameterizedTest
	@MethodSource("ports")
	@DisplayName("a second handshake on a connection of TLS 1.2 | refused")
	void shouldRefuseRenegotiation(int port) throws Exception {
		try (SSLSocket socket = connect(TLS, port)) {
			socket.setEnabledProtocols(new String[] { "TLSv1.2" });
			socket.startHandshake();
			socket.startHandshake();
			assertThatExceptionOfType(SSLException.class).isThrownBy(() -> ask(socket));
			assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
		}
	}

	@Test
	@DisplayName("a renewed certificate | new connections get it, and open ones go on")
	void shouldServeARenewedCertificate() throws Exception {
		try (SSLSocket api = connect(TLS, gateway.apiPort()); SwitchboardAgent agent = agent(AGENT)) {
			assertThat(ask(api)).startsWith("HTTP/1.1 ");
			String connection = agent.start().get(60, TimeUnit.SECONDS).connection().toString();
			AUTHORITY.write(AUTHORITY.issue("CN=second", LOCAL), folder.resolve("own.p12"));
			for (int port : ports().toList()) {
				await().atMost(Duration.ofMinutes(1)).until(() -> nameOf(port).equals("CN=second"));
			}
			assertThat(ask(api)).startsWith("HTTP/1.1 ");
			assertThat(call("acme", "laptop-1")).contains("\"completed\"");
			assertThat(get(gateway.apiPort(), "/v1/tenants/acme/agents/laptop-1").body()).contains(connection);
		}
	}

	private static String nameOf(int port) throws IOException {
		try (SSLSocket socket = connect(TestCertificate.client(AUTHORITY, null), port)) {
			socket.startHandshake();
			return socket.getSession().getPeerPrincipal().getName();
		}
	}

	private static SSLSocket connect(SSLContext tls, int port) throws IOException {
		SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", port);
		socket.setSoTimeout(60_000);
		return socket;
	}

	private static String ask(SSLSocket socket) throws IOException {
		socket.getOutputStream()
			.write("GET /v1/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		return head(socket.getInputStream());
	}

	private static String handshake(SSLContext tls, String header) throws IOException {
		try (SSLSocket socket = connect(tls, gateway.agentPort())) {
			socket.getOutputStream()
				.write(("GET /v1/connect HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
						+ "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
						+ "Sec-WebSocket-Protocol: switchboard.v1.json\r\n" + header + "\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			return head(socket.getInputStream());
		}
	}

	/** Reads the head of an answer, and its body if that has a length. */
	private static String head(InputStream in) throws IOException {
		StringBuilder head = new StringBuilder();
		while (!head.toString().endsWith("\r\n\r\n")) {
			int next = in.read();
			if (next < 0) {
				throw new IOException("the connection has ended: " + head);
			}
			head.append((char) next);
		}
		String length = head.toString().replaceAll("(?is).*content-length: *(\\d+).*|.*", "$1");
		in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
		return head.toString();
	}

	private static String send(int port, byte[] bytes) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			socket.setSoTimeout(60_000);
			socket.getOutputStream().write(bytes);
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
		}
	}

	private static SwitchboardAgent agent(@Nullable TestCertificate certificate) {
		HttpClient client = HttpClient.newBuilder().sslContext(TestCertificate.client(AUTHORITY, certificate)).build();
		return SwitchboardAgent.builder()
			.url("wss://127.0.0.1:" + gateway.agentPort())
			.httpClient(client)
			.certificate()
			.closeGrace(Duration.ofMillis(100))
			.handler("hello", (_) -> Payload.parse("\"hello\""))
			.build();
	}

	private static String call(String tenant, String agent) throws Exception {
		return request(
				HttpRequest.newBuilder(uri(gateway.apiPort(), "/v1/tenants/" + tenant + "/agents/" + agent + "/calls"))
					.header("Content-Type", "application/json")
					.POST(HttpRequest.BodyPublishers.ofString("{\"method\": \"hello\"}")))
			.body();
	}

	private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
		return request(HttpRequest.newBuilder(uri(port, path)));
	}

	private static URI uri(int port, String path) {
		return URI.create("https://127.0.0.1:" + port + path);
	}

	private static HttpResponse<String> request(HttpRequest.Builder request) throws IOException, InterruptedException {
		try {
			String token = issuer.token("acme", "backend", "agent:call agent:read");
			return CLIENT.send(request.header("Authorization", "Bearer " + token).build(),
					HttpResponse.BodyHandlers.ofString());
		}
		catch (com.nimbusds.jose.JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

}

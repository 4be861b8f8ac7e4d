package dev.switchboard.handshake;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.listener.CallAdmission;
import dev.switchboard.listener.DescriptorReserve;
import dev.switchboard.listener.HttpGates;
import dev.switchboard.listener.ListenerSettings;
import dev.switchboard.listener.PortGuards;
import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import dev.switchboard.tls.TestAuthority;
import dev.switchboard.tls.TestCertificate;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** TLS on the agent port, over sockets, with certificates made for the run. */
@ExtendWith(OutputCaptureExtension.class)
class AgentTlsTests {

	private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
		.getBytes(StandardCharsets.US_ASCII);

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final TestAuthority AUTHORITY = new TestAuthority("ours");

	private static final TestAuthority OTHER = new TestAuthority("another");

	private static final TestCertificate SERVER = AUTHORITY.issue("CN=localhost");

	private static final SSLContext WITHOUT = TestCertificate.client(AUTHORITY, null);

	private static final TestCertificate AGENT = AUTHORITY.issueAgent("acme", "laptop-1");

	static final List<TestCertificate> bad = List.of(OTHER.issueAgent("acme", "laptop-1"),
			AUTHORITY.issueAgent("acme", "laptop-1", "-startdate", "-10d", "-validity", "5"),
			AUTHORITY.issueAgent("acme", "laptop-1", "-startdate", "+5d", "-validity", "5"),
			AUTHORITY.issueAgent("acme", "laptop-1", "-ext", "eku=serverAuth"));

	static final List<TestCertificate> badOfOurs = bad.subList(1, 4);

	private final LoopResources loops = LoopResources.create("agent-tls-test", 1, true);

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();

	private final SourceAdmission sources = Sources.admission(List.of(), TimeSource.SYSTEM);

	@SuppressWarnings("NullAway.Init")
	private AgentServer server;

	@BeforeEach
	void start() {
		this.bundles.registerBundle("agents", AUTHORITY.bundle(SERVER));
		this.server = server(TIMEOUT, 100);
		this.server.start();
	}

	private AgentServer server(Duration handshakeTimeout, int maxHandshakes) {
		PortGuards ports = new PortGuards(
				new ListenerSettings(TIMEOUT, TIMEOUT, TIMEOUT, 100, 100, 100, maxHandshakes, 100),
				DescriptorReserve.ofProcess(), this.meters, Chance.SYSTEM, TimeSource.SYSTEM);
		AgentPortSettings settings = new AgentPortSettings(0, "127.0.0.1", 100, null, PlacementRule.NEWEST,
				handshakeTimeout, null);
		AgentTls tls = AgentTls.of(settings("agents"), settings, this.bundles, this.meters);
		AgentDoor door = new AgentDoor(
				new HttpGates(this.meters, TimeSource.SYSTEM, CallAdmission.Loops.ALWAYS, Chance.SYSTEM, ports), ports,
				this.sources, new AgentAddress(new TrustedProxies(List.of())), (_) -> {
				}, Chance.SYSTEM, tls);
		return new AgentServer(settings, (request, response) -> {
			X509Certificate[] chain = Objects.requireNonNull(request.getSslInfo()).getPeerCertificates();
			byte[] name = ((chain != null) ? chain[0].getSerialNumber().toString() : "nobody")
				.getBytes(StandardCharsets.US_ASCII);
			return response.writeWith(Mono.just(response.bufferFactory().wrap(name)));
		}, new HandshakeAdmission(100, 100, this.sources, List.of(), TimeSource.SYSTEM), new ConnectionRegistry(),
				this.loops, () -> 0, new AcceptFailures(this.meters, TimeSource.SYSTEM), null, door,
				new HandshakeBytes(ByteBudget.unlimited(), Chance.SYSTEM), TimeSource.SYSTEM);
	}

	private static AgentTlsSettings settings(@Nullable String bundle) {
		return new AgentTlsSettings(new AgentTlsSettings.Ssl(bundle), AgentTlsSettings.Certificates.WANT);
	}

	@AfterEach
	void stop() {
		this.server.stop();
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
	}

	@Test
	void shouldUseARenewedCertificateForNewConnectionsAndKeepTheOpenOnes() throws Exception {
		try (SSLSocket open = connect(WITHOUT)) {
			assertThat(ask(open)).isEqualTo("nobody");
			this.bundles.updateBundle("agents", OTHER.bundle(OTHER.issue("CN=localhost")));
			try (SSLSocket later = connect(TestCertificate.client(OTHER, null))) {
				assertThat(ask(later)).isEqualTo("nobody");
			}
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> connect(WITHOUT));
			assertThat(ask(open)).isEqualTo("nobody");
		}
	}

	@Test
	void shouldKeepTheOldCertificateIfTheRenewedBundleCannotBeUsed(CapturedOutput output) throws Exception {
		this.bundles.updateBundle("agents", SslBundle.of(SslStoreBundle.NONE));
		try (SSLSocket open = connect(WITHOUT)) {
			assertThat(ask(open)).isEqualTo("nobody");
		}
		assertThat(output).contains("The renewed SSL bundle 'agents' cannot be used, so the old one stays");
	}

	@Test
	void shouldShowTheCertificateOfAnAgentToTheHandler() throws Exception {
		try (SSLSocket open = connect(AGENT)) {
			assertThat(ask(open)).isEqualTo(AGENT.certificate().getSerialNumber().toString());
		}
		assertThat(outcomes("completed")).isEqualTo(1);
	}

	@ParameterizedTest
	@FieldSource("bad")
	void shouldRefuseACertificateThatIsNotGood(TestCertificate shown) {
		assertRefused(shown);
	}

	@ParameterizedTest
	@FieldSource("badOfOurs")
	void shouldRefuseItEvenIfItIsTrustedWithoutItsAuthority(TestCertificate shown) throws Exception {
		this.bundles.updateBundle("agents",
				SslBundle.of(SslStoreBundle.of(SERVER.store(), "changeit", shown.pinned())));
		assertRefused(shown);
	}

	private void assertRefused(TestCertificate shown) {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
			try (SSLSocket open = connect(shown)) {
				ask(open);
			}
		});
		await().until(() -> outcomes("failed") == 1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n", "\u0000\u0001\u0002\u0003\u0004\u0005",
			"\u0015\u0003\u0003\u0000\u0002\u0002\u0000" })
	void shouldEndWhatIsNoTlsWithoutAWordInTheLog(String first, CapturedOutput output) throws Exception {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.server.port())) {
			socket.setSoTimeout(30_000);
			socket.getOutputStream().write(first.getBytes(StandardCharsets.ISO_8859_1));
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
				.doesNotContain("HTTP");
		}
		await().until(() -> outcomes("failed") == 1);
		assertThat(output).doesNotContain("Exception", "WARN", "ERROR");
	}

	@Test
	void shouldCountAHandshakeThatThePeerLeaves() throws Exception {
		new Socket(InetAddress.getLoopbackAddress(), this.server.port()).close();
		await().until(() -> outcomes("gone") == 1);
	}

	@Test
	void shouldEndAHandshakeThatTakesTooLong() throws Exception {
		this.server.stop();
		this.server = server(Duration.ofMillis(300), 100);
		this.server.start();
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.server.port())) {
			socket.setSoTimeout(30_000);
			socket.getOutputStream().write(new byte[] { 22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3 });
			assertThat(socket.getInputStream().read()).isNegative();
		}
		await().until(() -> outcomes("timeout") + outcomes("gone") == 1);
	}

	@Test
	void shouldCloseAConnectionBeyondTheLimitBeforeItsHandshake() throws Exception {
		this.server.stop();
		this.server = server(TIMEOUT, 1);
		this.server.start();
		try (SSLSocket first = connect(WITHOUT);
				Socket second = new Socket(InetAddress.getLoopbackAddress(), this.server.port())) {
			assertThat(ask(first)).isEqualTo("nobody");
			second.setSoTimeout(30_000);
			assertThat(second.getInputStream().read()).isNegative();
		}
	}

	@Test
	void shouldCloseTheConnectionsOfASourceWhoseHandshakesFail() throws Exception {
		InetSocketAddress here = Sources.address("127.0.0.1");
		while (!this.sources.isOver(here)) {
			failToHandshake();
		}
		double before = outcomes("failed");
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.server.port())) {
			socket.setSoTimeout(30_000);
			assertThat(socket.getInputStream().read()).isNegative();
		}
		assertThat(outcomes("failed")).isEqualTo(before);
	}

	private void failToHandshake() throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.server.port())) {
			socket.setSoTimeout(30_000);
			socket.getOutputStream().write(REQUEST);
			socket.getInputStream().readAllBytes();
		}
	}

	@Test
	void shouldNotStartIfTheBundleCannotBeUsed() {
		this.bundles.registerBundle("empty", SslBundle.of(SslStoreBundle.NONE));
		this.bundles.registerBundle("alone", SslBundle.of(SslStoreBundle.of(SERVER.store(), "changeit", null)));
		assertRefused(settings("unknown"), "There is no SSL bundle 'unknown'");
		assertRefused(settings("empty"), "it has no certificate and private key");
		assertRefused(settings("alone"), "it has no trust store, but peers are asked for certificates");
		assertRefused(settings(null), "client-auth is want, but the agent port has no TLS");
	}

	private void assertRefused(AgentTlsSettings settings, String why) {
		AgentPortSettings port = new AgentPortSettings(0, null, 100, null, PlacementRule.NEWEST, TIMEOUT, null);
		assertThatExceptionOfType(SettingsRefusedException.class)
			.isThrownBy(() -> AgentTls.of(settings, port, this.bundles, this.meters))
			.withMessageContaining(why);
	}

	private double outcomes(String outcome) {
		return this.meters.get("switchboard.tls.handshakes")
			.tags("listener", "agent", "outcome", outcome)
			.counter()
			.count();
	}

	private static String ask(SSLSocket socket) throws IOException {
		socket.getOutputStream().write(REQUEST);
		InputStream in = socket.getInputStream();
		StringBuilder answer = new StringBuilder();
		while (!answer.toString().endsWith("\r\n\r\n")) {
			int next = in.read();
			if (next < 0) {
				throw new IOException("the connection has ended");
			}
			answer.append((char) next);
		}
		String length = answer.toString().toLowerCase(Locale.ROOT).replaceAll("(?s).*content-length: *(\\d+).*", "$1");
		return new String(in.readNBytes(Integer.parseInt(length)), StandardCharsets.US_ASCII);
	}

	private SSLSocket connect(TestCertificate own) throws IOException {
		return connect(TestCertificate.client(AUTHORITY, own));
	}

	private SSLSocket connect(SSLContext tls) throws IOException {
		SSLSocket socket = (SSLSocket) tls.getSocketFactory()
			.createSocket(InetAddress.getLoopbackAddress(), this.server.port());
		socket.setSoTimeout(30_000);
		socket.startHandshake();
		return socket;
	}

}

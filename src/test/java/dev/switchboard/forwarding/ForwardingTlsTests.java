package dev.switchboard.forwarding;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.switchboard.listener.CallAdmission;
import dev.switchboard.listener.RefusedRequests;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.ForwardException;
import dev.switchboard.time.TimeSource;
import dev.switchboard.tls.TestAuthority;
import dev.switchboard.tls.TestCertificate;
import dev.switchboard.tls.TlsEnd;
import dev.switchboard.tls.TlsHandshakes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ClientAuth;
import io.netty.resolver.DefaultAddressResolverGroup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;
import reactor.test.StepVerifier;

import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Mutual TLS between nodes, over sockets, with certificates made for the run. */
class ForwardingTlsTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final TestAuthority AUTHORITY = new TestAuthority("ours");

	private static final TestAuthority OTHER = new TestAuthority("another");

	private static final TestCertificate NODE = AUTHORITY.issue("CN=node");

	static final List<SslBundle> strangers = List.of(OTHER.bundle(OTHER.issue("CN=node")),
			AUTHORITY.bundle(OTHER.issue("CN=node")),
			AUTHORITY.bundle(AUTHORITY.issue("CN=node", "-startdate", "-10d", "-validity", "5")),
			AUTHORITY.bundle(AUTHORITY.issue("CN=node", "-ext", "eku=serverAuth")));

	private final LoopResources loops = LoopResources.create("forwarding-tls-test", 1, true);

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();

	private final TestHandler handler = new TestHandler();

	private final ForwardingSettings settings = new ForwardingSettings(0, "127.0.0.1", null, LONG, LONG, 1000);

	@SuppressWarnings("NullAway.Init")
	private ForwardingServer server;

	private @Nullable Peers peers;

	@BeforeEach
	void start() {
		this.bundles.registerBundle("server", AUTHORITY.bundle(NODE));
		TlsEnd end = TlsEnd.of(this.bundles, "server", ClientAuth.REQUIRE);
		this.server = new ForwardingServer(this.settings, true, Map.of("call", this.handler), 1000, this.loops,
				new RefusedRequests("forwarding", this.meters, TimeSource.SYSTEM), CallAdmission.Loops.ALWAYS,
				new SecuredAcceptor(new ChannelInboundHandlerAdapter(), end,
						new TlsHandshakes("forwarding", LONG, this.meters)),
				TimeSource.SYSTEM);
		this.server.start();
	}

	@AfterEach
	void stop() {
		if (this.peers != null) {
			this.peers.destroy();
		}
		this.server.stop();
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(LONG);
	}

	@Test
	void shouldForwardWithCertificatesInPlaceOfASecret() throws Exception {
		CompletableFuture<String> answer = send(peers(AUTHORITY.bundle(AUTHORITY.issue("CN=other node")))).toFuture();
		this.handler.next().reply().end("answer".getBytes(StandardCharsets.UTF_8));
		assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("answer");
		assertThat(outcomes("completed")).isEqualTo(1);
	}

	@Test
	void shouldUseARenewedBundleForNewConnectionsAndKeepTheOpenOnes() throws Exception {
		Peers open = peers(AUTHORITY.bundle(NODE));
		CompletableFuture<String> first = send(open).toFuture();
		this.handler.next().reply().end(new byte[] { 1 });
		first.get(30, TimeUnit.SECONDS);
		this.bundles.updateBundle("server", OTHER.bundle(OTHER.issue("CN=node")));
		CompletableFuture<String> second = send(open).toFuture();
		this.handler.next().reply().end(new byte[] { 1 });
		second.get(30, TimeUnit.SECONDS);
		this.bundles.updateBundle("client", OTHER.bundle(OTHER.issue("CN=node")));
		Peers later = new Peers(this.settings, this.loops, DefaultAddressResolverGroup.INSTANCE,
				new ForwardingMetrics(new SimpleMeterRegistry()), TimeSource.SYSTEM,
				TlsEnd.connecting(this.bundles, "client"));
		CompletableFuture<String> third = send(later).toFuture();
		this.handler.next().reply().end(new byte[] { 1 });
		third.get(30, TimeUnit.SECONDS);
		later.destroy();
		assertThat(outcomes("completed")).isEqualTo(2);
	}

	@ParameterizedTest
	@FieldSource("strangers")
	void shouldNotServeOrAskAStranger(SslBundle stranger) {
		StepVerifier.create(send(peers(stranger)))
			.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOfSatisfying(ForwardException.class,
					(unsent) -> assertThat(unsent.reason()).isEqualTo(ForwardException.Reason.UNSENT)));
		await().until(() -> outcomes("failed") == 1);
		assertThat(this.handler.waiting()).isZero();
	}

	@Test
	void shouldNotServeANodeWithoutTls() throws Exception {
		Peers plain = new Peers(this.settings, this.loops, DefaultAddressResolverGroup.INSTANCE,
				new ForwardingMetrics(this.meters), TimeSource.SYSTEM, null);
		this.peers = plain;
		StepVerifier.create(send(plain)).verifyError(ForwardException.class);
		assertThat(this.handler.waiting()).isZero();
		assertThat(this.server.unanswered()).isZero();
	}

	@Test
	void shouldCloseAConnectionInClearText() throws Exception {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.server.port())) {
			socket.setSoTimeout(30_000);
			socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
				.doesNotContain("HTTP");
		}
		await().until(() -> outcomes("failed") == 1);
	}

	private double outcomes(String outcome) {
		return this.meters.get("switchboard.tls.handshakes")
			.tags("listener", "forwarding", "outcome", outcome)
			.counter()
			.count();
	}

	private Peers peers(SslBundle bundle) {
		this.bundles.registerBundle("client", bundle);
		Peers made = new Peers(this.settings, this.loops, DefaultAddressResolverGroup.INSTANCE,
				new ForwardingMetrics(this.meters), TimeSource.SYSTEM, TlsEnd.connecting(this.bundles, "client"));
		this.peers = made;
		return made;
	}

	private Mono<String> send(Peers from) {
		NodeRecord node = new NodeRecord(new NodeId(new UUID(0, 1)), "127.0.0.1", this.server.port(), null,
				NodeState.UP, 0, 1, Instant.EPOCH, LONG);
		return from.send(node, new PeerRequest<>("call", null, LONG, (_) -> "question".getBytes(StandardCharsets.UTF_8),
				(message) -> new String(message, StandardCharsets.UTF_8)));
	}

}

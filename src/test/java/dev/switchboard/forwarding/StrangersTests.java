package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.listener.CallAdmission;
import dev.switchboard.listener.RefusedRequests;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.AsciiString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.netty.resources.LoopResources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class StrangersTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final String SECRET = "a secret of nodes that is long enough";

	private static final AsciiString CALL = Http2Dialect.path("call");

	private final LoopResources loops = LoopResources.create("strangers-test", 1, true);

	private final RefusedRequests malformed = new RefusedRequests("forwarding", new SimpleMeterRegistry(),
			TimeSource.SYSTEM);

	private final TestHandler handler = new TestHandler();

	private final ForwardingServer server = new ForwardingServer(
			new ForwardingSettings(0, "127.0.0.1", SECRET, LONG, LONG, 1000), true, Map.of("call", this.handler), 1000,
			this.loops, this.malformed, CallAdmission.Loops.ALWAYS, new ChannelInboundHandlerAdapter(),
			TimeSource.SYSTEM);

	private final Strangers strangers = this.server.door().strangers();

	@BeforeEach
	void start() {
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.server.stop();
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(LONG);
	}

	@Test
	void shouldServeAStrangerOneStream() throws Exception {
		try (RawPeer stranger = new RawPeer(this.server.port()).greet()) {
			stranger.request(1, CALL, null, false);
			assertThat(frame(stranger, RawPeer.HEADERS).stream()).isEqualTo(1);
			for (int stream = 3; stream < 2000; stream += 2) {
				stranger.request(stream, CALL, null, false);
				RawPeer.Frame refusal = frame(stranger, RawPeer.RESET);
				assertThat(refusal.stream()).isEqualTo(stream);
				assertThat(refusal.errorCode()).isEqualTo((int) Http2Error.REFUSED_STREAM.code());
			}
		}
		assertThat(this.server.door().refused()).isEqualTo(1);
		await().atMost(LONG).until(() -> this.strangers.count() == 0);
	}

	@Test
	void shouldCloseAConnectionThatSaysNothing() throws Exception {
		try (RawPeer stranger = new RawPeer(this.server.port())) {
			assertThat(frame(stranger, RawPeer.GO_AWAY).errorCode()).isZero();
			assertThat(stranger.next(RawPeer.HEADERS)).isNull();
		}
		assertThat(this.strangers.turnedAway()).isEqualTo(1);
	}

	@Test
	void shouldCloseAConnectionWithAWrongSecret() throws Exception {
		try (RawPeer stranger = new RawPeer(this.server.port()).greet()) {
			stranger.request(1, CALL, "a secret that no node knows, but long", false);
			assertThat(frame(stranger, RawPeer.HEADERS).stream()).isEqualTo(1);
			assertThat(frame(stranger, RawPeer.GO_AWAY).errorCode()).isZero();
			assertThat(stranger.next(RawPeer.HEADERS)).isNull();
		}
		assertThat(this.handler.waiting()).isZero();
	}

	@Test
	void shouldServeManyStreamsOfANodeThatSendsThemAllAtOnce() throws Exception {
		try (RawPeer node = new RawPeer(this.server.port()).greet()) {
			for (int stream = 1; stream < 200; stream += 2) {
				node.request(stream, CALL, SECRET, false);
			}
			for (int stream = 1; stream < 200; stream += 2) {
				node.body(stream, "question");
			}
			for (int i = 0; i < 100; i++) {
				this.handler.next().reply().end();
				assertThat(frame(node, RawPeer.HEADERS)).isNotNull();
			}
			assertThat(this.strangers.count()).isZero();
		}
		assertThat(this.strangers.turnedAway()).isZero();
	}

	@Test
	void shouldCloseTheOldestStrangerIfThereAreTooMany() {
		List<EmbeddedChannel> channels = new ArrayList<>();
		for (int i = 0; i < 1024; i++) {
			channels.add(arrive());
		}
		assertThat(this.strangers.turnedAway()).isZero();
		channels.add(arrive());
		assertThat(this.strangers.turnedAway()).isEqualTo(1);
		EmbeddedChannel oldest = channels.removeFirst();
		oldest.advanceTimeBy(1, TimeUnit.SECONDS);
		oldest.runScheduledPendingTasks();
		assertThat(oldest.isOpen()).isFalse();
		assertThat(channels).allMatch(EmbeddedChannel::isOpen);
		channels.forEach(EmbeddedChannel::finishAndReleaseAll);
		oldest.finishAndReleaseAll();
	}

	private EmbeddedChannel arrive() {
		EmbeddedChannel channel = new EmbeddedChannel();
		new ServerStreams(channel.pipeline(), Map.of(), this.server.door(), 1000, this.malformed,
				CallAdmission.Loops.ALWAYS.on(channel.eventLoop()), TimeSource.SYSTEM, new AtomicInteger())
			.suspect();
		return channel;
	}

	private static RawPeer.Frame frame(RawPeer peer, int type) throws Exception {
		return Objects.requireNonNull(peer.next(type), "the connection has ended");
	}

}

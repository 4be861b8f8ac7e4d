package dev.switchboard.simulator.agents;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.protocol.TestIds;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class SimulatedAgentsTests {

	private final Sockets sockets = new Sockets(1);

	private final AgentStats stats = new AgentStats();

	private final StopSignal never = new StopSignal();

	@AfterEach
	void closeSockets() {
		this.sockets.close();
	}

	@Test
	void shouldConnectEveryAgentUnderItsOwnId() {
		try (ScriptedGateway gateway = ScriptedGateway.sendingFrames(ScriptedGateway.welcome());
				SimulatedAgents agents = agents(gateway.url(), "--agents=3", "--first=7", "--tenant=t",
						"--prefix=a.")) {
			assertThat(agents.awaitConnected(this.never)).isTrue();
			assertThat(gateway.handshakes).containsExactlyInAnyOrder("t/a.7", "t/a.8", "t/a.9");
		}
		assertThat(this.stats.connected).hasValue(0);
	}

	@Test
	void shouldGiveEachAgentItsLabels() {
		try (ScriptedGateway gateway = ScriptedGateway.sendingFrames(ScriptedGateway.welcome());
				SimulatedAgents agents = agents(gateway.url(), "--agents=2", "--first=7", "--label=env=prod",
						"--label=host=h#")) {
			assertThat(agents.awaitConnected(this.never)).isTrue();
			await().untilAsserted(() -> assertThat(gateway.received).containsExactlyInAnyOrder(
					"{\"type\":\"hello\",\"labels\":{\"env\":\"prod\",\"host\":\"h7\"}}",
					"{\"type\":\"hello\",\"labels\":{\"env\":\"prod\",\"host\":\"h8\"}}"));
		}
	}

	@Test
	void shouldSendEachAgentsTokenInsteadOfAClaim(@TempDir Path directory) throws Exception {
		Path tokens = Files.write(directory.resolve("tokens"), List.of("one", "two"));
		try (ScriptedGateway gateway = ScriptedGateway.sendingFrames();
				SimulatedAgents agents = agents(gateway.url(), "--agents=2", "--token-file=" + tokens)) {
			assertThat(agents.awaitConnected(this.never)).isTrue();
			assertThat(gateway.handshakes).containsExactlyInAnyOrder("Bearer one", "Bearer two");
		}
	}

	@Test
	void shouldAnswerEchoWithThePayloadByteForByte() {
		CallId id = TestIds.call();
		try (ScriptedGateway gateway = ScriptedGateway.sendingFrames(ScriptedGateway.welcome(),
				ScriptedGateway.call(id, "echo", "{\"a\" : [1, \"\\u00e9é\"]}"));
				SimulatedAgents agents = agents(gateway.url(), "--agents=1")) {
			String expected = "{\"type\":\"result\",\"id\":\"" + id + "\",\"payload\":{\"a\" : [1, \"\\u00e9é\"]}}";
			await().untilAsserted(() -> assertThat(gateway.received).containsExactly(expected));
			assertThat(this.stats.answered.sum()).isOne();
			assertThat(agents.isConnected()).isTrue();
		}
	}

	@Test
	void shouldAnswerCallsThatComeInFragmentsOrAreLarge() {
		CallId id = TestIds.call();
		Frame.Call call = ScriptedGateway.call(id, "echo", "\"" + "x".repeat(100_000) + "\"");
		byte[] bytes = FrameCodec.encode(call);
		try (ScriptedGateway gateway = ScriptedGateway.sending((out) -> out.sendObject(
				Flux.just(new TextWebSocketFrame(false, 0, Unpooled.copiedBuffer(bytes, 0, 40)), ScriptedGateway.ping(),
						new ContinuationWebSocketFrame(true, 0, Unpooled.copiedBuffer(bytes, 40, bytes.length - 40)))));
				SimulatedAgents agents = agents(gateway.url(), "--agents=1")) {
			String expected = new String(FrameCodec.encode(new Frame.Result(id, call.payload())),
					StandardCharsets.UTF_8);
			await().untilAsserted(() -> assertThat(gateway.received).containsExactly("PongWebSocketFrame 4", expected));
			assertThat(agents.isConnected()).isTrue();
		}
	}

	@Test
	void shouldCountPushesAndAnswerNone() {
		Payload payload = Payload.parse("1");
		try (ScriptedGateway gateway = ScriptedGateway.sendingFrames(new Frame.Push(TestIds.call(), "echo", payload),
				new Frame.Push(TestIds.call(), "echo", payload));
				SimulatedAgents agents = agents(gateway.url(), "--agents=1")) {
			await().untilAsserted(() -> assertThat(this.stats.pushed.sum()).isEqualTo(2));
			assertThat(gateway.received).isEmpty();
			assertThat(agents.isConnected()).isTrue();
		}
	}

	@Test
	void shouldRefuseMethodsThatItDoesNotKnow() {
		try (ScriptedGateway gateway = ScriptedGateway
			.sendingFrames(ScriptedGateway.call(TestIds.call(), "launch", "null"));
				SimulatedAgents agents = agents(gateway.url(), "--agents=1")) {
			await().untilAsserted(() -> assertThat(gateway.received).singleElement()
				.asString()
				.startsWith("{\"type\":\"error\"")
				.contains("\"code\":\"unknown-method\""));
			assertThat(agents.isConnected()).isTrue();
		}
	}

	@Test
	void shouldAnswerAllCallsThoughDelaysShuffleThem() {
		Frame[] calls = new Frame[50];
		for (int i = 0; i < calls.length; i++) {
			calls[i] = ScriptedGateway.call(TestIds.call(), "echo", Integer.toString(i));
		}
		try (ScriptedGateway gateway = ScriptedGateway.sendingFrames(calls);
				SimulatedAgents agents = agents(gateway.url(), "--agents=1", "--answer-delay-millis=1-20")) {
			await().untilAsserted(() -> assertThat(gateway.received).hasSize(calls.length));
			List<String> answers = List.of(gateway.received.toArray(String[]::new));
			assertThat(answers).doesNotHaveDuplicates();
			assertThat(answers.stream().map(SimulatedAgentsTests::number))
				.isNotEqualTo(IntStream.range(0, calls.length).boxed().toList());
			assertThat(agents.isConnected()).isTrue();
		}
	}

	private static int number(String result) {
		Frame frame = FrameCodec.decodeFromAgent(result.getBytes(StandardCharsets.UTF_8));
		Payload payload = ((Frame.Result) Objects.requireNonNull(frame)).payload();
		return Integer.parseInt(payload.text());
	}

	@Test
	void shouldReadNothingAfterTheWelcomeIfToldTo() {
		try (ScriptedGateway gateway = ScriptedGateway.sendingFrames(ScriptedGateway.welcome(),
				ScriptedGateway.call(TestIds.call(), "echo", "1"))) {
			try (SimulatedAgents agents = agents(gateway.url(), "--agents=1", "--stop-reading")) {
				await().until(() -> agents.backoff().afterClose(1001) <= 10);
			}
			// Its answer would have come before its close.
			await().untilAsserted(() -> assertThat(gateway.closeCodes).hasSize(1));
			assertThat(gateway.received).isEmpty();
		}
	}

	@Test
	void shouldCountCloseCodesAndStayAway() {
		try (ScriptedGateway gateway = ScriptedGateway.sending((out) -> out.sendClose(4500, "revoked"));
				SimulatedAgents agents = agents(gateway.url(), "--agents=2", "--reconnect")) {
			await().untilAsserted(() -> assertThat(this.stats.closes.of("4500")).isEqualTo(2));
			assertThat(agents.isConnected()).isFalse();
			assertThat(gateway.handshakes).hasSize(2);
		}
	}

	@Test
	void shouldReconnectAfterAClose() {
		try (ScriptedGateway gateway = ScriptedGateway
			.sending((out) -> out.sendObject(Mono.just(ScriptedGateway.text(ScriptedGateway.welcome())))
				.then(out.sendClose(1001, "leaving")));
				SimulatedAgents agents = agents(gateway.url(), "--agents=1", "--reconnect")) {
			await().untilAsserted(() -> assertThat(gateway.handshakes).hasSizeGreaterThan(3));
			assertThat(agents.stats().closes.of("1001")).isGreaterThan(2);
		}
	}

	@Test
	void shouldConnectAnewAfterGoAwayAndKeepTheOldConnectionMeanwhile() {
		try (ScriptedGateway gateway = ScriptedGateway.sendingFrames(new Frame.GoAway(0, null, "drain"));
				SimulatedAgents agents = agents(gateway.url(), "--agents=1", "--reconnect", "--rate=20")) {
			await().untilAsserted(() -> assertThat(this.stats.connected).hasValueGreaterThan(1));
			assertThat(this.stats.closes.total()).isZero();
			assertThat(agents.options().agents).isOne();
		}
	}

	@Test
	void shouldConnectToAllUrlsByChance() {
		try (ScriptedGateway one = ScriptedGateway.sendingFrames();
				ScriptedGateway other = ScriptedGateway.sendingFrames();
				SimulatedAgents agents = agents(one.url() + "," + other.url(), "--agents=40")) {
			assertThat(agents.awaitConnected(this.never)).isTrue();
			assertThat(one.handshakes).hasSizeBetween(5, 35);
			assertThat(one.handshakes.size() + other.handshakes.size()).isEqualTo(40);
		}
	}

	@Test
	void shouldKeepTheOldConnectionWhileNewOnesAreRefused() {
		DisposableServer refusing = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.handle((request, response) -> response.status(503).header("Retry-After", "1").send())
			.bindNow();
		String detour = "ws://127.0.0.1:" + refusing.port();
		try (ScriptedGateway gateway = ScriptedGateway.sendingFrames(new Frame.GoAway(0, detour, "rebalance"));
				SimulatedAgents agents = agents(gateway.url(), "--agents=1", "--reconnect", "--rate=20")) {
			await().untilAsserted(() -> assertThat(this.stats.failures.of("HTTP 503")).isPositive());
			assertThat(this.stats.closes.total()).isZero();
			await().untilAsserted(() -> assertThat(gateway.handshakes).hasSizeGreaterThan(1));
			assertThat(agents.options().agents).isOne();
		}
		finally {
			refusing.disposeNow();
		}
	}

	@Test
	void shouldCountRefusedHandshakesByStatus() {
		DisposableServer server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.handle((request, response) -> response.status(401).send())
			.bindNow();
		try (SimulatedAgents agents = agents("ws://127.0.0.1:" + server.port(), "--agents=2")) {
			assertThat(agents.awaitConnected(this.never)).isFalse();
			assertThat(this.stats.failures).hasToString("2 (HTTP 401: 2)");
		}
		finally {
			server.disposeNow();
		}
	}

	@Test
	void shouldCountRefusedConnectionsAndGoOnTryingIfToldTo() {
		DisposableServer server = HttpServer.create().host("127.0.0.1").port(0).bindNow();
		server.disposeNow();
		try (SimulatedAgents agents = agents("ws://127.0.0.1:" + server.port(), "--agents=1", "--reconnect")) {
			await().untilAsserted(() -> assertThat(this.stats.failures.of("refused")).isGreaterThan(1));
			assertThat(agents.isConnected()).isFalse();
		}
	}

	@Test
	void shouldCloseWithAStatusOfItsOwn() {
		try (ScriptedGateway gateway = ScriptedGateway.sendingFrames()) {
			try (SimulatedAgents agents = agents(gateway.url(), "--agents=2")) {
				assertThat(agents.awaitConnected(this.never)).isTrue();
			}
			assertThat(this.stats.closes).hasToString("2 (1000: 2)");
			await().untilAsserted(() -> assertThat(gateway.closeCodes).containsExactly(1000, 1000));
		}
	}

	private SimulatedAgents agents(String url, String... args) {
		AgentOptions options = CommandLine.populateCommand(new AgentOptions(), args);
		options.urls = Arrays.stream(url.split(",")).map(URI::create).toList();
		options.prepare();
		return new SimulatedAgents(options, this.sockets, this.stats);
	}

}

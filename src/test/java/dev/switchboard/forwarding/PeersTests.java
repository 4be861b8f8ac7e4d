package dev.switchboard.forwarding;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import dev.switchboard.FreePorts;
import dev.switchboard.connection.ConnectionException;
import dev.switchboard.listener.CallAdmission;
import dev.switchboard.listener.RefusedRequests;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.ForwardException;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.resolver.DefaultAddressResolverGroup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class PeersTests {

	private static final String SECRET = "a secret of nodes";

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final int BODY_LIMIT = 300_000;

	private final LoopResources loops = LoopResources.create("forwarding-test", 2, true);

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final TestHandler handler = new TestHandler();

	private final ForwardingServer server = server(SECRET);

	private final Peers peers = peers(settings(SECRET));

	private @Nullable Relay relay;

	@BeforeEach
	void start() {
		this.server.start();
	}

	@AfterEach
	void stop() throws Exception {
		this.peers.destroy();
		if (this.relay != null) {
			this.relay.close();
		}
		CountDownLatch stopped = new CountDownLatch(1);
		this.server.stop(stopped::countDown);
		assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(LONG);
	}

	@Test
	void shouldBringARequestThereAndItsAnswerBack() throws Exception {
		CompletableFuture<String> answer = send(node(), "question").toFuture();
		TestHandler.Served served = this.handler.next();
		assertThat(text(served.request().body())).isEqualTo("question");
		assertThat(served.request().agent()).isEqualTo(new AgentId("acme", "laptop-1"));
		assertThat(this.server.unanswered()).isEqualTo(1);
		served.reply().end(bytes("answer"));
		assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("answer");
		await().atMost(LONG).until(() -> this.server.unanswered() == 0);
		assertThat(results("answered")).isEqualTo(1);
		assertThat(this.meters.get("switchboard.forwarding.hop").timer().count()).isEqualTo(1);
	}

	@Test
	void shouldBringMessagesOfAnyLengthWhole() throws Exception {
		String question = "q".repeat(BODY_LIMIT);
		String reply = "a".repeat(5_000_000);
		CompletableFuture<String> answer = send(node(), question).toFuture();
		TestHandler.Served served = this.handler.next();
		assertThat(text(served.request().body())).isEqualTo(question);
		served.reply().end(bytes(reply));
		assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo(reply);
	}

	@Test
	void shouldRefuseARequestOverTheLimit() {
		expect(send(node(), "q".repeat(BODY_LIMIT + 1)), ConnectionException.Reason.PAYLOAD_TOO_LARGE);
		assertThat(this.handler.waiting()).isZero();
	}

	@Test
	void shouldBringPartsInOrderBeforeTheAnswer() throws Exception {
		List<String> parts = new CopyOnWriteArrayList<>();
		CompletableFuture<String> answer = this.peers
			.send(node(), request("stream", LONG, (message) -> last(parts, text(message))))
			.toFuture();
		Reply reply = this.handler.next().reply();
		List<String> sent = Stream.iterate(0, (i) -> i + 1).limit(1000).map((i) -> "part " + i).toList();
		sent.forEach((part) -> assertThat(reply.part(bytes(part))).isTrue());
		reply.end(bytes("end"));
		assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("end");
		assertThat(parts).isEqualTo(sent);
	}

	@Test
	void shouldTakeNoMorePartsForANodeThatTakesNone() throws Exception {
		Relay between = relay();
		Mono<String> stream = this.peers.send(nodeAt(between.port()), request("stream", LONG, (_) -> null));
		Disposable waiting = stream.onErrorComplete().subscribe();
		Reply reply = this.handler.next().reply();
		between.swallow();
		byte[] part = new byte[100_000];
		await().atMost(LONG).until(() -> !reply.part(part));
		waiting.dispose();
	}

	@Test
	void shouldNotLetAStreamThatIsNotReadHoldUpOthers() throws Exception {
		CompletableFuture<String> slow = this.peers.send(node(), request("slow", LONG, (_) -> null)).toFuture();
		Reply reply = this.handler.next().reply();
		for (int i = 0; i < 40; i++) {
			await().atMost(LONG).pollDelay(Duration.ZERO).until(() -> reply.part(new byte[500_000]));
		}
		CompletableFuture<String> other = send(node(), "other").toFuture();
		this.handler.next().reply().end(bytes("fine"));
		assertThat(other.get(30, TimeUnit.SECONDS)).isEqualTo("fine");
		assertThat(slow).isNotDone();
	}

	@Test
	void shouldBringEveryReasonOfAConnectionBack() throws Exception {
		for (ConnectionException.Reason reason : ConnectionException.Reason.values()) {
			Mono<String> answer = start(send(node(), reason.name()));
			this.handler.next().reply().fail(new ConnectionException(reason));
			expect(answer, reason);
		}
	}

	@Test
	void shouldBringBackWhatExactlyHappened() throws Exception {
		List<String> parts = new CopyOnWriteArrayList<>();
		Mono<String> answer = start(
				this.peers.send(node(), request("stream", LONG, (message) -> last(parts, text(message)))));
		Reply reply = this.handler.next().reply();
		reply.part(bytes("part"));
		reply.fail(new ConnectionException(ConnectionException.Reason.BAD_ANSWER, "result.payload is there twice"));
		assertThat(expect(answer, ConnectionException.Reason.BAD_ANSWER).detail())
			.isEqualTo("result.payload is there twice");
	}

	@Test
	void shouldBringAFailureBackThatComesAfterParts() throws Exception {
		List<String> parts = new CopyOnWriteArrayList<>();
		Mono<String> answer = start(
				this.peers.send(node(), request("stream", LONG, (message) -> last(parts, text(message)))));
		Reply reply = this.handler.next().reply();
		reply.part(bytes("part"));
		reply.fail(new ConnectionException(ConnectionException.Reason.DISCONNECTED));
		expect(answer, ConnectionException.Reason.DISCONNECTED);
		assertThat(parts).containsExactly("part");
	}

	@Test
	void shouldTellTheEpochThatIsKnownWhereAnAgentIsNot() throws Exception {
		Mono<String> answer = start(send(node(), "call"));
		this.handler.next().reply().notHere(9_007_199_254_740_991L);
		ForwardException failure = expect(answer, ForwardException.Reason.NOT_HERE);
		assertThat(failure.epoch()).isEqualTo(9_007_199_254_740_991L);
	}

	@Test
	void shouldUndoAtTheNodeWhatNobodyWaitsForAnyMore() throws Exception {
		Disposable waiting = send(node(), "call").subscribe();
		this.handler.next();
		waiting.dispose();
		await().atMost(LONG).until(() -> this.handler.undone() == 1);
		assertThat(results("cancelled")).isEqualTo(1);
	}

	@Test
	void shouldUndoAtTheNodeWhatItsReaderEnds() throws Exception {
		Mono<String> answer = start(this.peers.send(node(), request("stream", LONG, (_) -> {
			throw new ConnectionException(ConnectionException.Reason.CALLER_TOO_SLOW);
		})));
		this.handler.next().reply().part(bytes("part"));
		expect(answer, ConnectionException.Reason.CALLER_TOO_SLOW);
		await().atMost(LONG).until(() -> this.handler.undone() == 1);
	}

	@Test
	void shouldEndItselfWhatTheNodeLeavesOpenPastItsDeadline() throws Exception {
		Mono<String> answer = this.peers.send(node(), request("call", Duration.ofMillis(50), PeersTests::text));
		expect(start(answer), ConnectionException.Reason.DEADLINE);
		this.handler.next();
		await().atMost(LONG).until(() -> this.handler.undone() == 1);
	}

	@Test
	void shouldNotBeSentToANodeThatIsNotThere() {
		expect(send(nodeAt(FreePorts.next()), "call"), ForwardException.Reason.UNSENT);
	}

	@Test
	void shouldNotBeSentToANodeWhoseKernelAloneAnswers() throws Exception {
		try (ServerSocket frozen = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			Peers hasty = peers(new ForwardingSettings(0, "127.0.0.1", SECRET, Duration.ofMillis(300), LONG, 10));
			expect(hasty.send(nodeAt(frozen.getLocalPort()), request("call", LONG, PeersTests::text)),
					ForwardException.Reason.UNSENT);
			hasty.destroy();
		}
	}

	@Test
	void shouldExpireWhatWaitsForAConnectionAsUnsent() throws Exception {
		try (ServerSocket frozen = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			expect(this.peers.send(nodeAt(frozen.getLocalPort()),
					request("call", Duration.ofMillis(50), PeersTests::text)),
					ConnectionException.Reason.DEADLINE_UNSENT);
		}
	}

	@Test
	void shouldNotBeServedWithoutTheSecret() {
		for (Peers stranger : List.of(peers(settings(null)), peers(settings("another")))) {
			expect(stranger.send(node(), request("call", LONG, PeersTests::text)), ForwardException.Reason.REFUSED);
			stranger.destroy();
		}
		assertThat(this.handler.waiting()).isZero();
	}

	@Test
	void shouldFailAllThatWaitWhenTheConnectionIsCut() throws Exception {
		Relay between = relay();
		NodeRecord node = nodeAt(between.port());
		Mono<String> one = start(send(node, "one"));
		Mono<String> two = start(send(node, "two"));
		this.handler.next();
		this.handler.next();
		between.cut();
		expect(one, ForwardException.Reason.LOST);
		expect(two, ForwardException.Reason.LOST);
		await().atMost(LONG).until(() -> this.handler.undone() == 2);
	}

	@Test
	void shouldConnectAnewAfterTheConnectionWasCut() throws Exception {
		Relay between = relay();
		NodeRecord node = nodeAt(between.port());
		Mono<String> one = start(send(node, "one"));
		this.handler.next();
		between.cut();
		expect(one, ForwardException.Reason.LOST);
		CompletableFuture<String> two = send(node, "two").toFuture();
		this.handler.next().reply().end(bytes("fine"));
		assertThat(two.get(30, TimeUnit.SECONDS)).isEqualTo("fine");
	}

	@Test
	void shouldGiveANodeUpThatFallsSilentWhileRequestsWait() throws Exception {
		Relay between = relay();
		Peers watchful = peers(watchful());
		Mono<String> answer = start(watchful.send(nodeAt(between.port()), request("call", LONG, PeersTests::text)));
		this.handler.next();
		between.swallow();
		expect(answer, ForwardException.Reason.LOST);
		assertThat(this.meters.get("switchboard.forwarding.silent").counter().count()).isEqualTo(1);
		watchful.destroy();
	}

	@Test
	void shouldKeepANodeThatAnswersPingsWhileItsAgentIsSlow() throws Exception {
		Relay between = relay();
		Peers watchful = peers(watchful());
		CompletableFuture<String> answer = watchful
			.send(nodeAt(between.port()), request("call", LONG, PeersTests::text))
			.toFuture();
		Reply reply = this.handler.next().reply();
		long passed = between.passed();
		// Two pings and their answers: more than one silence.
		await().atMost(LONG).until(() -> between.passed() >= passed + 4 * 17);
		reply.end(bytes("late"));
		assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("late");
		watchful.destroy();
	}

	@Test
	void shouldSayNothingOnAConnectionThatNobodyWaitsOn() throws Exception {
		Relay between = relay();
		Peers watchful = peers(watchful());
		CompletableFuture<String> answer = watchful
			.send(nodeAt(between.port()), request("call", LONG, PeersTests::text))
			.toFuture();
		this.handler.next().reply().end(bytes("answer"));
		answer.get(30, TimeUnit.SECONDS);
		AtomicLong before = new AtomicLong(-1);
		await().atMost(LONG)
			.during(Duration.ofMillis(1500))
			.until(() -> before.getAndSet(between.passed()) == between.passed());
		watchful.destroy();
	}

	@Test
	void shouldBoundWhatWaitsForOneNode() throws Exception {
		Peers bounded = peers(new ForwardingSettings(0, "127.0.0.1", SECRET, LONG, LONG, 2));
		NodeRecord node = node();
		List<Throwable> refused = new CopyOnWriteArrayList<>();
		// Two may wait on each of the two event loops.
		for (int i = 0; i < 6; i++) {
			bounded.send(node, request("call " + i, LONG, PeersTests::text)).subscribe(null, refused::add);
		}
		await().atMost(LONG).until(() -> refused.size() == 2);
		assertThat(refused).allSatisfy((failure) -> assertThat(failure).isInstanceOfSatisfying(ForwardException.class,
				(ex) -> assertThat(ex.reason()).isEqualTo(ForwardException.Reason.UNSENT)));
		bounded.destroy();
	}

	@Test
	void shouldTellWaitersThatTheNodeHasStopped() throws Exception {
		Mono<String> answer = start(send(node(), "call"));
		this.handler.next();
		this.server.stop();
		expect(answer, ForwardException.Reason.LOST);
		expect(send(node(), "call"), ForwardException.Reason.UNSENT);
	}

	@Test
	void shouldReadWhatHasComeBeforeAWriteFails() throws Exception {
		Relay between = relay();
		NodeRecord node = nodeAt(between.port());
		EventLoop loop = this.loops.onClient(true).next();
		CompletableFuture<String> first = onLoop(loop, () -> send(node, "first").toFuture());
		this.handler.next().reply().end(bytes("answer"));
		assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo("answer");
		between.holdAnswers();
		CompletableFuture<String> answered = onLoop(loop, () -> send(node, "answered").toFuture());
		String answer = "a".repeat(1000);
		TestHandler.Served served = this.handler.next();
		long received = between.received() + answer.length();
		served.reply().end(bytes(answer));
		await().atMost(LONG).until(() -> between.received() > received);
		Mono<String> late = onLoop(loop, () -> {
			long before = between.passed();
			between.releaseAnswers();
			await().atMost(LONG).until(() -> between.passed() > before + answer.length());
			between.reset();
			return start(send(node, "late"));
		});
		expect(late, ForwardException.Reason.UNSENT);
		assertThat(answered.get(30, TimeUnit.SECONDS)).isEqualTo(answer);
	}

	@Test
	void shouldTellThatARequestCameTooLateForANodeThatLeaves() throws Exception {
		Relay between = relay();
		NodeRecord node = nodeAt(between.port());
		// There is a connection for each event loop.
		while (between.connections() < 2) {
			CompletableFuture<String> first = send(node, "first").toFuture();
			this.handler.next().reply().end(bytes("answer"));
			assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo("answer");
		}
		between.hold();
		Mono<String> late = start(send(node, "late"));
		CountDownLatch stopped = new CountDownLatch(1);
		this.server.stop(stopped::countDown);
		assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
		between.releaseAnswers();
		expect(late, ForwardException.Reason.UNSENT);
		assertThat(this.handler.waiting()).isZero();
	}

	private ForwardingServer server(String secret) {
		return new ForwardingServer(settings(secret), true, Map.of("call", this.handler), BODY_LIMIT, this.loops,
				new RefusedRequests("forwarding", this.meters, TimeSource.SYSTEM), CallAdmission.Loops.ALWAYS,
				new ChannelInboundHandlerAdapter(), TimeSource.SYSTEM);
	}

	private Peers peers(ForwardingSettings settings) {
		return new Peers(settings, this.loops, DefaultAddressResolverGroup.INSTANCE, new ForwardingMetrics(this.meters),
				TimeSource.SYSTEM, null);
	}

	private static ForwardingSettings watchful() {
		return new ForwardingSettings(0, "127.0.0.1", SECRET, LONG, Duration.ofMillis(900), 1000);
	}

	private static ForwardingSettings settings(@Nullable String secret) {
		return new ForwardingSettings(0, "127.0.0.1", secret, LONG, LONG, 1000);
	}

	private Relay relay() throws IOException {
		Relay between = new Relay(this.server.port());
		this.relay = between;
		return between;
	}

	private NodeRecord node() {
		return nodeAt(this.server.port());
	}

	private static NodeRecord nodeAt(int port) {
		return new NodeRecord(new NodeId(new UUID(0, port)), "127.0.0.1", port, null, NodeState.UP, 0, 1, Instant.EPOCH,
				Duration.ofSeconds(15));
	}

	private static <T> T onLoop(EventLoop loop, Callable<T> task) throws Exception {
		return loop.submit(task).get(30, TimeUnit.SECONDS);
	}

	private Mono<String> send(NodeRecord node, String message) {
		return this.peers.send(node, request(message, LONG, PeersTests::text));
	}

	private static PeerRequest<String> request(String message, Duration timeToLive, PeerRequest.Reader<String> reader) {
		return new PeerRequest<>("call", new AgentId("acme", "laptop-1"), timeToLive, (_) -> bytes(message), reader);
	}

	private static @Nullable String last(List<String> parts, String message) {
		if (message.equals("end")) {
			return message;
		}
		parts.add(message);
		return null;
	}

	private static Mono<String> start(Mono<String> answer) {
		Mono<String> started = answer.cache();
		started.subscribe((_) -> {
		}, (_) -> {
		});
		return started;
	}

	private static ForwardException expect(Mono<String> answer, ForwardException.Reason reason) {
		ForwardException failure = (ForwardException) failure(answer);
		assertThat(failure.reason()).isEqualTo(reason);
		return failure;
	}

	private static ConnectionException expect(Mono<String> answer, ConnectionException.Reason reason) {
		ConnectionException failure = (ConnectionException) failure(answer);
		assertThat(failure.reason()).isEqualTo(reason);
		return failure;
	}

	private static Throwable failure(Mono<String> answer) {
		return answer.<Throwable>map((value) -> new AssertionError("answered: " + value))
			.onErrorResume(Mono::just)
			.blockOptional(LONG)
			.orElseThrow();
	}

	private double results(String result) {
		return this.meters.get("switchboard.forwarding.requests").tag("result", result).counter().count();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(byte[] bytes) {
		return new String(Arrays.copyOf(bytes, bytes.length), StandardCharsets.UTF_8);
	}

}

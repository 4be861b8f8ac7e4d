package dev.switchboard.connection;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.switchboard.connection.ConnectionException.Reason;
import dev.switchboard.json.Payload;
import dev.switchboard.loop.TimerWheel;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultEventExecutor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.web.reactive.socket.CloseStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class AgentConnectionTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Frame.GoAway GO_AWAY = new Frame.GoAway(100, null, "drain");

	private final DefaultEventExecutor loop = new DefaultEventExecutor();

	private final ScriptedSession session = new ScriptedSession(this.loop);

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final List<AgentConnection> ended = new CopyOnWriteArrayList<>();

	private final List<Frame.Upstream> upstream = new CopyOnWriteArrayList<>();

	private final EventLoopContext context = new EventLoopContext(this.loop,
			new TimerWheel(this.loop, TimeSource.SYSTEM, (_) -> {
			}), new ConnectionLimits(3, 1000, 600, TimeUnit.SECONDS.toNanos(30)),
			new ConnectionMetrics(this.meters, new ConnectionRegistry()), (_, frame) -> this.upstream.add(frame),
			this.ended::add, Ownership.ALONE, new FaultLog(TimeSource.SYSTEM),
			new Holdings(this.loop, ByteBudget.unlimited()), TestRates.unlimited(), TimeSource.SYSTEM, Chance.SYSTEM);

	private final AgentConnection connection = connection(this.session, null);

	@AfterEach
	void stop() {
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	@Test
	void shouldGiveEachWaiterItsOwnAnswerInAnyOrder() {
		this.session.take(Long.MAX_VALUE);
		CallId first = TestIds.call();
		CallId second = TestIds.call();
		Mono<Answer> one = start(call(first));
		Mono<Answer> two = start(call(second));
		receive(new Frame.Result(second, Payload.parse("2")));
		receive(new Frame.Error(first, "busy", "not now", null));
		StepVerifier.create(one)
			.expectNext(new Answer.Rejected("busy", "not now", null))
			.expectComplete()
			.verify(PATIENCE);
		StepVerifier.create(two).expectNext(new Answer.Completed(Payload.parse("2"))).expectComplete().verify(PATIENCE);
	}

	@Test
	void shouldFailEveryWaiterByWhetherItsCallWasWrittenWhenTheSocketDies() {
		this.session.take(1);
		Mono<Answer> written = start(call(TestIds.call()));
		Mono<Answer> queued = start(call(TestIds.call()));
		this.loop.execute(() -> this.connection.end(null));
		expect(written, Reason.DISCONNECTED);
		expect(queued, Reason.GONE);
		expect(this.connection.call(call(TestIds.call()), ChunkReceiver.DROP), Reason.CLOSING);
	}

	@Test
	void shouldCancelAtTheAgentWhenTheCallerHangsUp() {
		this.session.take(Long.MAX_VALUE);
		CallId id = TestIds.call();
		Disposable caller = this.connection.call(call(id), ChunkReceiver.DROP).subscribe();
		assertThat(this.session.written()).hasSize(1);
		caller.dispose();
		assertThat(this.session.written()).hasSize(2).last().isEqualTo("{\"type\":\"cancel\",\"id\":\"" + id + "\"}");
	}

	@Test
	void shouldNeverWriteACallWhoseCallerHungUpBeforeItBegan() {
		this.session.take(Long.MAX_VALUE);
		CountDownLatch busy = new CountDownLatch(1);
		this.loop.submit(() -> busy.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
		this.connection.call(call(TestIds.call()), ChunkReceiver.DROP).subscribe().dispose();
		busy.countDown();
		assertThat(this.session.written()).isEmpty();
	}

	@Test
	void shouldNeverWriteACallWhoseCallerHungUpWhileItWasQueued() {
		Disposable caller = this.connection.call(call(TestIds.call()), ChunkReceiver.DROP).subscribe();
		assertThat(this.session.written()).isEmpty();
		caller.dispose();
		this.session.take(Long.MAX_VALUE);
		assertThat(this.session.written()).isEmpty();
	}

	@Test
	void shouldTellAtTheDeadlineWhetherTheCallWasWritten() {
		this.session.take(1);
		Mono<Answer> written = start(call(TestIds.call(), Duration.ofMillis(1)));
		Mono<Answer> queued = start(call(TestIds.call(), Duration.ofMillis(1)));
		expect(written, Reason.DEADLINE);
		expect(queued, Reason.DEADLINE_UNSENT);
	}

	@Test
	void shouldRefuseMoreCallsThanTheAgentMayHave() {
		this.session.take(Long.MAX_VALUE);
		CallId first = TestIds.call();
		start(call(first));
		start(call(TestIds.call()));
		start(call(TestIds.call()));
		expect(this.connection.call(call(TestIds.call()), ChunkReceiver.DROP), Reason.TOO_MANY_IN_FLIGHT);
		receive(new Frame.Result(first, Payload.NULL));
		Mono<Answer> next = start(call(TestIds.call()));
		this.loop.execute(() -> this.connection.end(null));
		expect(next, Reason.DISCONNECTED);
	}

	@Test
	void shouldRefuseAMessageOverTheFrameLimit() {
		Payload large = Payload.parse("\"" + "x".repeat(1000) + "\"");
		expect(this.connection.push(new Frame.Push(TestIds.call(), "note", large), PATIENCE).cast(Answer.class),
				Reason.PAYLOAD_TOO_LARGE);
	}

	@Test
	void shouldCloseAnAgentThatReadsTooSlowly() {
		Payload payload = Payload.parse("\"" + "x".repeat(300) + "\"");
		Mono<Answer> queued = start(call(TestIds.call(), PATIENCE, payload));
		Mono<Answer> refused = start(call(TestIds.call(), PATIENCE, payload));
		expect(refused, Reason.TOO_SLOW);
		expect(queued, Reason.GONE);
		assertThat(this.session.written()).isEmpty();
		assertClosed(this.session, DisconnectReason.TOO_SLOW);
	}

	@Test
	void shouldWriteTheWelcomeBeforeACloseOfTheSameTurn() {
		this.session.take(Long.MAX_VALUE);
		this.loop.submit(() -> {
			this.connection.close(DisconnectReason.SUPERSEDED);
			this.connection.send(OutboundMessage.text("welcome".getBytes(StandardCharsets.UTF_8)));
		}).syncUninterruptibly();
		assertThat(this.session.written()).containsExactly("welcome");
		assertThat(this.session.closed).isNotNull();
	}

	@Test
	void shouldCompleteAPushOnlyWhenItIsHandedToTheSocket() {
		List<String> events = new ArrayList<>();
		this.connection.push(note(), PATIENCE).subscribe((_) -> {
		}, (_) -> events.add("failed"), () -> events.add("sent"));
		this.session.written();
		assertThat(events).isEmpty();
		this.session.take(1);
		assertThat(events).containsExactly("sent");
	}

	@Test
	void shouldTakeAPushBackThatIsQueuedForTooLong() {
		expect(this.connection.push(note(), Duration.ofMillis(1)).cast(Answer.class), Reason.DEADLINE_UNSENT);
		this.session.take(Long.MAX_VALUE);
		assertThat(this.session.written()).isEmpty();
	}

	@Test
	void shouldTakeAPushBackThatNobodyWaitsForAnyMore() {
		this.connection.push(note(), PATIENCE).subscribe().dispose();
		this.session.take(Long.MAX_VALUE);
		assertThat(this.session.written()).isEmpty();
	}

	@Test
	void shouldDropAndCountAnswersThatNobodyWaitsFor() {
		receive(new Frame.Result(TestIds.call(), Payload.NULL));
		receive(new Frame.Chunk(TestIds.call(), Payload.NULL));
		receive(new Frame.Accept(TestIds.call()));
		assertThat(this.meters.counter("switchboard.calls.late.answers").count()).isEqualTo(3);
		assertThat(this.connection.isClosing()).isFalse();
	}

	@Test
	void shouldEndACallWhoseCallerCannotTakeItsChunks() {
		this.session.take(Long.MAX_VALUE);
		CallId id = TestIds.call();
		List<Payload> chunks = new ArrayList<>();
		ChunkReceiver atMostOne = (chunk) -> chunks.isEmpty() && chunks.add(chunk);
		Mono<Answer> waiter = startOn(this.connection, call(id), atMostOne);
		receive(new Frame.Chunk(id, Payload.parse("1")));
		receive(new Frame.Chunk(id, Payload.parse("2")));
		expect(waiter, Reason.CALLER_TOO_SLOW);
		assertThat(chunks).containsExactly(Payload.parse("1"));
		assertThat(this.session.written()).last().asString().contains("cancel");
		assertThat(this.connection.isClosing()).isFalse();
	}

	@Test
	void shouldGiveFramesThatGoUpstreamToTheirReceiver() {
		Frame.Event event = new Frame.Event("e1", "job/done", Payload.NULL);
		Frame.Hello hello = new Frame.Hello(Map.of(), "1.0");
		receive(event);
		receive(hello);
		assertThat(this.upstream).containsExactly(event, hello);
	}

	@Test
	void shouldBeClosedAtOnceWhenSupersededUnlessItWasAskedToLeave() {
		this.session.take(Long.MAX_VALUE);
		Mono<Answer> waiter = start(call(TestIds.call()));
		this.connection.superseded();
		expect(waiter, Reason.DISCONNECTED);
		assertClosed(this.session, DisconnectReason.SUPERSEDED);
	}

	@Test
	void shouldServeOnWhenItIsAskedToLeave() {
		this.session.take(Long.MAX_VALUE);
		this.connection.leave(GO_AWAY, DisconnectReason.NODE_LEAVING);
		assertThat(this.session.written()).last().asString().startsWith("{\"type\":\"goaway\"");
		CallId id = TestIds.call();
		Mono<Answer> waiter = start(call(id));
		receive(new Frame.Result(id, Payload.NULL));
		StepVerifier.create(waiter).expectNextCount(1).expectComplete().verify(PATIENCE);
		assertThat(this.connection.accepts()).isTrue();
	}

	@Test
	void shouldTakeNothingNewOnceItLeavesAndCloseAfterItsLastCall() {
		this.session.take(Long.MAX_VALUE);
		CallId first = TestIds.call();
		CallId last = TestIds.call();
		Mono<Answer> answered = start(call(first));
		Mono<Answer> abandoned = start(call(last, Duration.ofMillis(200)));
		this.connection.leave(GO_AWAY, DisconnectReason.REBALANCE);
		this.connection.superseded();
		this.connection.superseded();
		expect(this.connection.call(call(TestIds.call()), ChunkReceiver.DROP), Reason.CLOSING);
		expect(this.connection.push(note(), PATIENCE).cast(Answer.class), Reason.CLOSING);
		assertThat(this.connection.accepts()).isFalse();
		assertThat(this.connection.isClosing()).isFalse();
		receive(new Frame.Result(first, Payload.NULL));
		StepVerifier.create(answered).expectNextCount(1).expectComplete().verify(PATIENCE);
		expect(abandoned, Reason.DEADLINE);
		assertClosed(this.session, DisconnectReason.REBALANCE);
	}

	@Test
	void shouldTakeNothingNewAndCloseAfterItsLastCallWhenItFinishes() {
		this.session.take(Long.MAX_VALUE);
		CallId id = TestIds.call();
		Mono<Answer> waiter = start(call(id));
		this.connection.finish(DisconnectReason.NODE_RESTARTS);
		expect(this.connection.call(call(TestIds.call()), ChunkReceiver.DROP), Reason.CLOSING);
		assertThat(this.connection.isClosing()).isFalse();
		receive(new Frame.Result(id, Payload.NULL));
		StepVerifier.create(waiter).expectNextCount(1).expectComplete().verify(PATIENCE);
		assertClosed(this.session, DisconnectReason.NODE_RESTARTS);
	}

	@Test
	void shouldCloseAtOnceWhenItLeavesAndNoCallWaits() {
		this.connection.leave(GO_AWAY, DisconnectReason.REBALANCE);
		this.connection.leave(GO_AWAY, DisconnectReason.NODE_LEAVING);
		this.connection.superseded();
		assertClosed(this.session, DisconnectReason.NODE_LEAVING);
	}

	@Test
	void shouldFailTheCallsOfALeavingConnectionWhenItIsClosed() {
		this.session.take(Long.MAX_VALUE);
		Mono<Answer> waiter = start(call(TestIds.call()));
		this.connection.leave(GO_AWAY, DisconnectReason.NODE_LEAVING);
		this.connection.superseded();
		this.connection.close(DisconnectReason.NODE_RESTARTS);
		expect(waiter, Reason.DISCONNECTED);
		assertClosed(this.session, DisconnectReason.NODE_RESTARTS);
	}

	@Test
	void shouldPingOnceAfterAHeartbeatOfSilenceAndCloseAfterTwo() {
		this.session.take(Long.MAX_VALUE);
		assertThat(checkLiveness(Duration.ofSeconds(29))).isEqualTo(TimeUnit.SECONDS.toNanos(1));
		assertThat(this.session.written()).isEmpty();
		checkLiveness(Duration.ofSeconds(31));
		checkLiveness(Duration.ofSeconds(32));
		assertThat(this.session.written()).containsExactly("ping");
		checkLiveness(Duration.ofSeconds(60));
		assertClosed(this.session, DisconnectReason.HEARTBEAT_MISSED);
	}

	@Test
	void shouldPingAtOnceWhenACallMeetsAQuietConnection() {
		ScriptedSession quiet = new ScriptedSession(this.loop);
		quiet.quietFor(Duration.ofSeconds(6));
		AgentConnection connection = connection(quiet, null);
		quiet.take(Long.MAX_VALUE);
		startOn(connection, call(TestIds.call()), ChunkReceiver.DROP);
		assertThat(quiet.written()).hasSize(2).last().isEqualTo("ping");
	}

	@Test
	void shouldCloseWhenTheTokenHasExpired() {
		ScriptedSession expired = new ScriptedSession(this.loop);
		AgentConnection expiring = connection(expired, Instant.EPOCH);
		this.loop.submit(() -> expiring.checkLiveness(System.nanoTime())).syncUninterruptibly();
		assertClosed(expired, DisconnectReason.CREDENTIALS_EXPIRED);
	}

	@Test
	void shouldShareTheNameOfItsKeyWithOtherConnections() {
		AgentId agent = new AgentId("demo", "laptop-1");
		AgentConnection one = new ScriptedSession(this.loop).open(new AgentCredentials(agent, null, "k (1)"), 1);
		AgentConnection other = new ScriptedSession(this.loop)
			.open(new AgentCredentials(new AgentId("demo", "laptop-2"), null, new String("k (1)".toCharArray())), 1);
		assertThat(one.signingKey()).isEqualTo("k (1)").isSameAs(other.signingKey());
		assertThat(this.connection.signingKey()).isNull();
		assertThat(one.isOf(agent)).isTrue();
	}

	@Test
	void shouldTellWhoItIsAndWhereItCameFrom() {
		AgentId agent = new AgentId("demo", "x".repeat(128));
		AgentConnection connection = new AgentConnection(new AgentCredentials(agent, null), 1_234_567,
				new InetSocketAddress("192.0.2.1", 65000), this.session, this.context);
		assertThat(connection.agent()).isEqualTo(agent);
		assertThat(connection.isOf(agent)).isTrue();
		assertThat(connection.isOf(new AgentId("demo", "x".repeat(127) + "y"))).isFalse();
		assertThat(connection.isOf(new AgentId("demos", "x".repeat(128)))).isFalse();
		assertThat(connection.remoteAddress()).isEqualTo("192.0.2.1:65000");
		assertThat(connection.connectedAt()).isEqualTo(Instant.EPOCH.plus(1_234_567, ChronoUnit.MICROS));
		assertThat(connection.claim().connection()).isEqualTo(connection.id());
	}

	@ParameterizedTest
	@CsvSource({ "192.0.2.1, 0, 192.0.2.1", "2001:db8:0:0:0:0:0:1, 65000, [2001:db8::1]:65000", "::1, 0, [::1]",
			"::ffff:192.0.2.1, 65000, 192.0.2.1:65000" })
	void shouldShowItsAddressInOneForm(String host, int port, String text) {
		assertThat(new AgentConnection(new AgentCredentials(new AgentId("demo", "laptop-1"), null), 7,
				new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(host), port), this.session,
				this.context)
			.remoteAddress()).isEqualTo(text);
	}

	private void assertClosed(ScriptedSession session, DisconnectReason reason) {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(session.closed).isEqualTo(new CloseStatus(reason.code(), reason.text())));
	}

	private long checkLiveness(Duration silence) {
		long now = this.session.lastHeardNanos + silence.toNanos();
		return this.loop.submit(() -> this.connection.checkLiveness(now)).syncUninterruptibly().getNow();
	}

	private static Frame.Push note() {
		return new Frame.Push(TestIds.call(), "note", Payload.NULL);
	}

	private void receive(Frame.FromAgent frame) {
		this.loop.submit(() -> this.connection.receive(frame)).syncUninterruptibly();
	}

	private static Mono<Answer> startOn(AgentConnection connection, Frame.Call call, ChunkReceiver chunks) {
		Mono<Answer> waiter = connection.call(call, chunks).cache();
		waiter.subscribe((_) -> {
		}, (_) -> {
		});
		return waiter;
	}

	private Mono<Answer> start(Frame.Call call) {
		return startOn(this.connection, call, ChunkReceiver.DROP);
	}

	private static void expect(Mono<Answer> waiter, Reason reason) {
		StepVerifier.create(waiter)
			.expectErrorSatisfies((error) -> assertThat(error).isInstanceOfSatisfying(ConnectionException.class,
					(failure) -> assertThat(failure.reason()).isEqualTo(reason)))
			.verify(PATIENCE);
	}

	private static Frame.Call call(CallId id) {
		return call(id, PATIENCE);
	}

	private static Frame.Call call(CallId id, Duration timeToLive) {
		return call(id, timeToLive, Payload.NULL);
	}

	private static Frame.Call call(CallId id, Duration timeToLive, Payload payload) {
		return new Frame.Call(id, "echo", timeToLive.toMillis(), null, payload);
	}

	private AgentConnection connection(ScriptedSession session, @Nullable Instant expiresAt) {
		AgentConnection connection = new AgentConnection(
				new AgentCredentials(new AgentId("demo", "laptop-1"), expiresAt), 1, null, session, this.context);
		this.loop.submit(() -> connection.run().subscribe()).syncUninterruptibly();
		return connection;
	}

}

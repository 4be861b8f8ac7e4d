package dev.switchboard.connection;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.switchboard.connection.ConnectionException.Reason;
import dev.switchboard.json.Payload;
import dev.switchboard.loop.TimerWheel;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.time.Chance;
import dev.switchboard.time.ManualTime;
import dev.switchboard.time.TimeSource;
import dev.switchboard.transport.InboundMessages;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.concurrent.DefaultEventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Five calls wait on one connection, and a message about one of them is faulty. */
@ExtendWith(OutputCaptureExtension.class)
class BadAnswersTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final DefaultEventExecutor loop = new DefaultEventExecutor();

	private final ScriptedSession session = new ScriptedSession(this.loop);

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final ManualTime logTime = new ManualTime();

	private final EventLoopContext context = new EventLoopContext(this.loop,
			new TimerWheel(this.loop, TimeSource.SYSTEM, (_) -> {
			}), new ConnectionLimits(5, 1000, 100_000, TimeUnit.SECONDS.toNanos(30)),
			new ConnectionMetrics(this.meters, new ConnectionRegistry()), (_, _) -> {
			}, (_) -> {
			}, Ownership.ALONE, new FaultLog(this.logTime), new Holdings(this.loop, ByteBudget.unlimited()),
			TestRates.unlimited(), TimeSource.SYSTEM, Chance.SYSTEM);

	private final AgentConnection connection = new AgentConnection(
			new AgentCredentials(new AgentId("demo", "laptop-1"), null), 1, null, this.session, this.context);

	private final List<CallId> ids = Stream.generate(TestIds::call).limit(5).toList();

	@BeforeEach
	void run() {
		this.loop.submit(() -> this.connection.run().subscribe()).syncUninterruptibly();
		this.session.take(Long.MAX_VALUE);
	}

	@AfterEach
	void stop() {
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'type':'result','id':'%s','payload':NaN}",
			"{'type':'error','id':'%s','code':7,'message':''}", "{'type':'result','id':'%s','payload':1,'payload':2}",
			"{'payload':Infinity,'type':'result','id':'%s'}", "{'type':'result','id':'%s','payload':[" })
	void shouldEndTheCallThatAFaultyAnswerNamesAndNoOther(String message) {
		List<Mono<Answer>> waiters = waiters();
		receive(text(message));
		expect(waiters.getFirst(), Reason.BAD_ANSWER);
		othersAreAnswered(waiters);
		assertThat(count("switchboard.calls.bad.answers")).isEqualTo(1);
		assertThat(this.session.written()).noneMatch((written) -> written.contains("cancel"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'type':'chunk','id':'%s','payload':NaN}", "{'type':'accept','id':'%s','x':NaN}" })
	void shouldCancelTheCallOfAFaultyMessageThatIsNotItsLast(String message) {
		List<Mono<Answer>> waiters = waiters();
		receive(text(message));
		expect(waiters.getFirst(), Reason.BAD_ANSWER);
		assertThat(this.session.written()).last()
			.isEqualTo("{\"type\":\"cancel\",\"id\":\"" + this.ids.getFirst() + "\"}");
		othersAreAnswered(waiters);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'type':'result','id':'%s','payload':'", "{'id':'%s','payload':'",
			"{'type':'error','id':'%s','code':'" })
	void shouldEndTheCallOfAnAnswerOverTheFrameLimitAndNoOther(String beginning) {
		List<Mono<Answer>> waiters = waiters();
		receive(text(beginning + "x".repeat(1000) + "'}"));
		ConnectionException failure = expect(waiters.getFirst(), Reason.RESULT_TOO_LARGE);
		assertThat(failure.detail()).isEqualTo("message over 1000 bytes");
		othersAreAnswered(waiters);
	}

	@Test
	void shouldTellTheCallerWhatIsWrong() {
		List<Mono<Answer>> waiters = waiters();
		receive(text("{'type':'error','id':'%s','code':7}"));
		assertThat(expect(waiters.getFirst(), Reason.BAD_ANSWER).detail()).isEqualTo("error.code must be a string");
	}

	@Test
	void shouldDropAndCountAFaultyAnswerThatNobodyWaitsFor() {
		receive(text("{'type':'result','id':'%s','payload':NaN}"));
		List<Mono<Answer>> waiters = waiters();
		receive(text("{'type':'result','id':'" + TestIds.call() + "','payload':NaN}"));
		receive(text("{'type':'result','id':'" + TestIds.call() + "','payload':'" + "x".repeat(1000) + "'}"));
		receive(text("{'type':'result','id':'%s'}"));
		StepVerifier.create(waiters.getFirst())
			.expectNext(new Answer.Completed(Payload.NULL))
			.expectComplete()
			.verify(PATIENCE);
		othersAreAnswered(waiters);
		assertThat(count("switchboard.calls.late.answers")).isEqualTo(3);
		assertThat(count("switchboard.calls.bad.answers")).isZero();
	}

	@Test
	void shouldCloseWithTheFaultWhereTheCallCannotBeRead() {
		List<Mono<Answer>> waiters = waiters();
		receive(text("{'type':'result','payload':1}"));
		assertClosed(4503, "result.id missing");
		for (Mono<Answer> waiter : waiters) {
			assertThat(expect(waiter, Reason.DISCONNECTED).detail()).isEqualTo("result.id missing");
		}
	}

	@Test
	void shouldCloseWithTheFaultForABinaryMessage() {
		waiters();
		receive(InboundMessages.binary((byte) 1));
		assertClosed(4503, "binary message");
	}

	@Test
	void shouldCloseForAMessageOverTheLimitThatNamesNoCall() {
		List<Mono<Answer>> waiters = waiters();
		receive(text("{'type':'hello','agentVersion':'" + "x".repeat(1000) + "'}"));
		assertClosed(1009, "message over 1000 bytes");
		waiters.forEach((waiter) -> expect(waiter, Reason.DISCONNECTED));
	}

	@Test
	void shouldTakeAMessageOverTheLimitForTheAnswerOfTheOnlyCall() {
		Mono<Answer> only = start(this.ids.getFirst());
		receive(text("{'payload':'" + "x".repeat(1000) + "'}"));
		expect(only, Reason.RESULT_TOO_LARGE);
		assertClosed(1009, "message over 1000 bytes");
	}

	@Test
	void shouldLogALineForEachAgentAndMinute(CapturedOutput output) {
		for (int i = 0; i < 100; i++) {
			receive(text("{'type':'result','id':'%s','payload':NaN}"));
		}
		assertThat(output.toString()).containsOnlyOnce("demo/laptop-1 broke the protocol: malformed JSON at byte ");
		this.logTime.advance(Duration.ofMinutes(1));
		receive(text("{'type':'result','payload':1}"));
		assertThat(output.toString()).containsOnlyOnce(
				"broke the protocol: result.id missing; its connection closes (99 such lines were held back)");
	}

	private List<Mono<Answer>> waiters() {
		return this.ids.stream().map(this::start).toList();
	}

	private Mono<Answer> start(CallId id) {
		Mono<Answer> waiter = this.connection
			.call(new Frame.Call(id, "echo", PATIENCE.toMillis(), null, Payload.NULL), ChunkReceiver.DROP)
			.cache();
		waiter.subscribe((_) -> {
		}, (_) -> {
		});
		this.session.written();
		return waiter;
	}

	/**
	 * Returns a message. In the text, ' stands for a quote, and %s for the id of the
	 * first call.
	 */
	private WebSocketMessage text(String message) {
		return InboundMessages.text(message.replace("%s", this.ids.getFirst().toString()).replace('\'', '"'));
	}

	private void receive(WebSocketMessage message) {
		this.loop.submit(() -> this.connection.onNext(message)).syncUninterruptibly();
	}

	private void othersAreAnswered(List<Mono<Answer>> waiters) {
		for (int i = 1; i < waiters.size(); i++) {
			receive(text("{'type':'result','id':'" + this.ids.get(i) + "','payload':" + i + "}"));
			StepVerifier.create(waiters.get(i))
				.expectNext(new Answer.Completed(Payload.parse("" + i)))
				.expectComplete()
				.verify(PATIENCE);
		}
		assertThat(this.connection.isClosing()).isFalse();
	}

	private static ConnectionException expect(Mono<Answer> waiter, Reason reason) {
		ConnectionException[] failure = new ConnectionException[1];
		StepVerifier.create(waiter)
			.expectErrorSatisfies((error) -> failure[0] = (ConnectionException) error)
			.verify(PATIENCE);
		assertThat(failure[0].reason()).isEqualTo(reason);
		return failure[0];
	}

	private void assertClosed(int code, String text) {
		await().atMost(PATIENCE).until(() -> new CloseStatus(code, text).equals(this.session.closed));
	}

	private double count(String meter) {
		return this.meters.counter(meter).count();
	}

}

package dev.switchboard.agent;

import java.net.URI;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ReconnectingTests {

	private static final AtomicInteger NAMES = new AtomicInteger();

	private final String name = "laptop-" + NAMES.incrementAndGet();

	private final ScriptedGateway gateway = new ScriptedGateway();

	private final ScriptedGateway otherGateway = new ScriptedGateway();

	private final CountDownLatch begun = new CountDownLatch(1);

	private final CountDownLatch release = new CountDownLatch(1);

	private final AtomicInteger runs = new AtomicInteger();

	private SwitchboardAgent agent = builder().build();

	private AgentBuilder builder() {
		return SwitchboardAgent.builder()
			.url(this.gateway.url())
			.identity("demo", this.name)
			.reconnect(Duration.ofMillis(1), Duration.ofMillis(10))
			.handler("echo", IncomingCall::payload)
			.handler("wait", (_) -> {
				this.begun.countDown();
				this.release.await();
				return Payload.parse(Integer.toString(this.runs.incrementAndGet()));
			});
	}

	private void start(AgentBuilder builder) {
		this.agent.close();
		this.agent = builder.build();
		var _ = this.agent.start();
	}

	@AfterEach
	void close() {
		this.release.countDown();
		this.agent.close();
		this.gateway.close();
		this.otherGateway.close();
	}

	@Test
	void shouldShowItsIdentityAndSayHello() throws Exception {
		start(builder().labels(Map.of("os", "linux")).agentVersion("1.2"));
		ScriptedConnection connection = this.gateway.welcomed(5);
		assertThat(connection.uri()).isEqualTo("/v1/connect");
		assertThat(connection.headers().get("Sec-WebSocket-Protocol")).isEqualTo(ScriptedGateway.SUBPROTOCOL);
		assertThat(connection.headers().get("Switchboard-Tenant")).isEqualTo("demo");
		assertThat(connection.headers().get("Switchboard-Agent")).isEqualTo(this.name);
		assertThat(connection.hello()).isEqualTo(new Frame.Hello(Map.of("os", "linux"), "1.2"));
	}

	@Test
	void shouldCompleteItsStartWithTheFirstWelcome() throws Exception {
		var welcome = this.agent.start();
		this.gateway.welcomed(7);
		assertThat(welcome.get(20, TimeUnit.SECONDS).epoch()).isEqualTo(7);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1001, 1002, 1007, 1009, 1012, 1013, 4000, 4001, 4002, 4003, 4004, 4503 })
	void shouldComeBackAfterTheClose(int code) throws Exception {
		start(builder());
		this.gateway.welcomed(1).close(code);
		answers(this.gateway.welcomed(2));
	}

	@Test
	void shouldAskForATokenAtEachHandshakeEvenAfterABare401() throws Exception {
		AtomicInteger tokens = new AtomicInteger();
		this.gateway.refuse(401, Map.of());
		start(builder().token(() -> "token-" + tokens.incrementAndGet()));
		assertThat(this.gateway.refused().get("Authorization")).isEqualTo("Bearer token-1");
		ScriptedConnection connection = this.gateway.welcomed(1);
		assertThat(connection.headers().get("Authorization")).isEqualTo("Bearer token-2");
		assertThat(connection.headers().contains("Switchboard-Tenant")).isFalse();
		connection.close(4003);
		assertThat(this.gateway.welcomed(2).headers().get("Authorization")).isEqualTo("Bearer token-3");
	}

	@Test
	void shouldTryAgainWhenThereIsNoToken() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		start(builder().token(() -> {
			return switch (asked.incrementAndGet()) {
				case 1 -> throw new IllegalStateException("no token yet");
				case 2 -> "no header\n";
				default -> "token";
			};
		}));
		answers(this.gateway.welcomed(1));
	}

	@ParameterizedTest
	@ValueSource(ints = { 403, 404, 500, 502 })
	void shouldTryAgainAfterARefusal(int status) throws Exception {
		this.gateway.refuse(status, Map.of());
		start(builder());
		answers(this.gateway.welcomed(1));
	}

	@Test
	void shouldComeBackWhenTheGatewayIsFull() throws Exception {
		this.gateway.refuse(503, Map.of("Retry-After", "0"));
		start(builder());
		answers(this.gateway.welcomed(1));
	}

	@Test
	void shouldFollowARedirectForThatAttempt() throws Exception {
		this.gateway.refuse(307, Map.of("Location", this.otherGateway.url().toString()));
		start(builder());
		ScriptedConnection there = this.otherGateway.welcomed(1);
		assertThat(there.headers().get("Switchboard-Agent")).isEqualTo(this.name);
		answers(there);
		there.close(1001);
		answers(this.gateway.welcomed(2));
	}

	@Test
	void shouldReturnWhenARedirectLeadsNowhere() throws Exception {
		URI nowhere = this.otherGateway.url();
		this.otherGateway.close();
		this.gateway.refuse(307, Map.of("Location", nowhere.toString()));
		start(builder());
		answers(this.gateway.welcomed(1));
	}

	@Test
	void shouldTryItsOtherUrl() throws Exception {
		URI nowhere = this.otherGateway.url();
		this.otherGateway.close();
		start(SwitchboardAgent.builder()
			.url(nowhere)
			.url(this.gateway.url())
			.identity("demo", this.name)
			.reconnect(Duration.ofMillis(1), Duration.ofMillis(10))
			.handler("echo", IncomingCall::payload));
		answers(this.gateway.welcomed(1));
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 401 })
	void shouldFailItsStartWhenItsHandshakeCanNeverSucceed(int status) throws Exception {
		this.gateway.refuse(status, Map.of());
		this.agent = builder().build();
		assertThat(this.agent.start()).failsWithin(Duration.ofSeconds(20))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(IllegalStateException.class)
			.withMessageContaining("HTTP " + status)
			.havingCause()
			.isInstanceOf(WebSocketHandshakeException.class);
		assertThat(this.agent.stopped()).failsWithin(Duration.ofSeconds(20));
		assertThat(this.gateway.hasMoreConnections()).isFalse();
	}

	@Test
	void shouldTryItsOtherUrlWhenOneRefusesItForGood() throws Exception {
		this.gateway.refuse(400, Map.of());
		start(builder().url(this.otherGateway.url()));
		answers(this.otherGateway.welcomed(1));
	}

	@Test
	void shouldTryOnWhenItWasConnectedBefore() throws Exception {
		start(builder());
		ScriptedConnection connection = this.gateway.welcomed(1);
		answers(connection);
		this.gateway.refuse(400, Map.of());
		connection.close(1001);
		answers(this.gateway.welcomed(2));
	}

	@Test
	void shouldRefuseAUrlThatIsNone() {
		assertThatIllegalArgumentException().isThrownBy(() -> builder().url("ws://host:80:80"));
		assertThatIllegalArgumentException().isThrownBy(() -> builder().url("tcp://host"));
		assertThatIllegalStateException().isThrownBy(() -> SwitchboardAgent.builder().url("ws://host").build());
	}

	@Test
	void shouldStayAwayWhenThisProcessOpenedTheNewerConnection() throws Exception {
		start(builder());
		ScriptedConnection older = this.gateway.welcomed(1);
		answers(older);
		try (SwitchboardAgent second = builder().build()) {
			var welcome = second.start();
			ScriptedConnection newer = this.gateway.welcomed(2);
			welcome.get(20, TimeUnit.SECONDS);
			older.close(4501);
			assertThat(this.agent.stopped().get(20, TimeUnit.SECONDS)).isEqualTo(4501);
			answers(newer);
		}
	}

	@Test
	void shouldFinishOnTheOldConnectionWhatBeganThereAfterGoAway() throws Exception {
		start(builder());
		ScriptedConnection older = this.gateway.welcomed(1);
		CallId id = older.call("wait", "null");
		awaitBegun();
		older.send(new Frame.GoAway(1, null, "drain"));
		ScriptedConnection newer = this.gateway.welcomed(2);
		answers(newer);
		answers(older);
		this.release.countDown();
		assertThat(older.next()).isEqualTo(new Frame.Result(id, Payload.parse("1")));
		answers(older);
		older.close(1001);
		assertThat(older.closedWith()).isEqualTo(1001);
		answers(newer);
		assertThat(this.gateway.hasMoreConnections()).isFalse();
	}

	@Test
	void shouldTakeTheNextUrlAfterAGoAwayWithoutOne() throws Exception {
		start(builder().url(this.otherGateway.url()));
		ScriptedConnection older = this.gateway.welcomed(1);
		older.send(new Frame.GoAway(0, null, "drain"));
		answers(this.otherGateway.welcomed(2));
		answers(older);
		assertThat(this.gateway.hasMoreConnections()).isFalse();
	}

	@Test
	void shouldServeOnTheOldConnectionWhileNewOnesAreRefused() throws Exception {
		start(builder());
		ScriptedConnection older = this.gateway.welcomed(1);
		this.otherGateway.refuse(503, Map.of("Retry-After", "0"));
		this.gateway.refuse(503, Map.of("Retry-After", "0"));
		older.send(new Frame.GoAway(0, this.otherGateway.url().toString(), "rebalance"));
		answers(older);
		answers(this.gateway.welcomed(2));
		answers(older);
	}

	@Test
	void shouldNotComeBackForAnOldConnectionThatIsClosedAfterGoAway() throws Exception {
		start(builder());
		ScriptedConnection older = this.gateway.welcomed(1);
		older.send(new Frame.GoAway(0, this.otherGateway.url().toString(), "rebalance"));
		ScriptedConnection newer = this.otherGateway.welcomed(2);
		answers(newer);
		older.close(4501);
		assertThat(older.closedWith()).isEqualTo(4501);
		answers(newer);
		assertThat(this.gateway.hasMoreConnections()).isFalse();
	}

	@Test
	void shouldAnswerACallThatComesAgainOnTheNextConnectionOnce() throws Exception {
		start(builder());
		ScriptedConnection older = this.gateway.welcomed(1);
		CallId id = older.call("wait", "null");
		awaitBegun();
		older.close(1001);
		ScriptedConnection newer = this.gateway.welcomed(2);
		newer.call(id, "wait", "null", 60_000);
		answers(newer);
		this.release.countDown();
		assertThat(newer.next()).isEqualTo(new Frame.Result(id, Payload.parse("1")));
		assertThat(this.runs).hasValue(1);
	}

	@Test
	void shouldGiveUpAGatewayThatHasGoneSilent() throws Exception {
		this.gateway.silence();
		start(builder());
		this.gateway.connection().welcome(1, 100);
		answers(this.gateway.welcomed(2));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{", "[]", "{\"type\":\"call\",\"id\":1}" })
	void shouldCloseAConnectionThatBreaksTheProtocolAndComeBack(String message) throws Exception {
		start(builder());
		ScriptedConnection connection = this.gateway.welcomed(1);
		connection.sendText("{\"type\":\"news\",\"id\":1}");
		answers(connection);
		connection.sendText(message);
		assertThat(connection.closedWith()).isEqualTo(4503);
		answers(this.gateway.welcomed(2));
	}

	@Test
	void shouldAnswerWhatRunsAndRefuseWhatComesWhileItCloses() throws Exception {
		start(builder());
		ScriptedConnection connection = this.gateway.welcomed(1);
		CallId id = connection.call("wait", "null");
		awaitBegun();
		Thread closing = Thread.ofVirtual().start(this.agent::close);
		assertThat(this.agent.stopped().get(20, TimeUnit.SECONDS)).isEqualTo(1000);
		connection.call("echo", "1");
		assertThat(connection.next()).isInstanceOfSatisfying(Frame.Error.class,
				(error) -> assertThat(error.code()).isEqualTo("agent-closing"));
		this.release.countDown();
		assertThat(connection.next()).isEqualTo(new Frame.Result(id, Payload.parse("1")));
		assertThat(connection.closedWith()).isEqualTo(1000);
		closing.join();
		assertThat(this.gateway.hasMoreConnections()).isFalse();
	}

	@Test
	void shouldFailItsStartWhenItIsClosedBefore() {
		URI nowhere = this.otherGateway.url();
		this.otherGateway.close();
		SwitchboardAgent lonely = SwitchboardAgent.builder().url(nowhere).identity("demo", this.name).build();
		var welcome = lonely.start();
		lonely.close();
		assertThat(welcome).isCompletedExceptionally();
	}

	private static void answers(ScriptedConnection connection) throws InterruptedException {
		CallId id = connection.call("echo", "\"here\"");
		assertThat(connection.next()).isEqualTo(new Frame.Result(id, Payload.parse("\"here\"")));
	}

	private void awaitBegun() throws InterruptedException {
		assertThat(this.begun.await(20, TimeUnit.SECONDS)).isTrue();
	}

}

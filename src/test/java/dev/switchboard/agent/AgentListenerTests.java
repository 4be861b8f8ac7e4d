package dev.switchboard.agent;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class AgentListenerTests {

	private final ScriptedGateway gateway = new ScriptedGateway();

	private final RecordedLog log = new RecordedLog();

	private final RecordedEvents events = new RecordedEvents();

	private final AgentBuilder builder = SwitchboardAgent.builder()
		.url(this.gateway.url())
		.identity("demo", "listened")
		.reconnect(Duration.ofMillis(1), Duration.ofMillis(10))
		.listener(this.events);

	private SwitchboardAgent agent = this.builder.build();

	@AfterEach
	void close() {
		this.agent.close();
		this.gateway.close();
		this.log.close();
	}

	private CompletableFuture<AgentListener.Connected> start() {
		this.agent = this.builder.build();
		return this.agent.start();
	}

	@Test
	void shouldReportConnectionsAndTheirEnds() throws Exception {
		var started = start();
		ScriptedConnection first = this.gateway.welcomed(5);
		AgentListener.Connected connected = this.events.next(AgentListener.Connected.class);
		assertThat(connected.epoch()).isEqualTo(5);
		assertThat(connected.url()).hasHost("127.0.0.1").hasPath("/v1/connect");
		assertThat(started.get(20, TimeUnit.SECONDS)).isEqualTo(connected);
		first.close(1001);
		AgentListener.Disconnected disconnected = this.events.next(AgentListener.Disconnected.class);
		assertThat(disconnected.connection()).isEqualTo(connected);
		assertThat(disconnected.code()).isEqualTo(1001);
		assertThat(disconnected.retryIn()).isBetween(Duration.ZERO, Duration.ofMillis(10));
		this.gateway.welcomed(6);
		assertThat(this.events.next(AgentListener.Connected.class).epoch()).isEqualTo(6);
	}

	@Test
	void shouldReportThatNothingListensAtTheUrl() throws Exception {
		URI nowhere;
		try (ScriptedGateway closed = new ScriptedGateway()) {
			nowhere = closed.url();
		}
		this.agent = SwitchboardAgent.builder()
			.url(nowhere)
			.identity("demo", "listened")
			.reconnect(Duration.ofMillis(1), Duration.ofMillis(10))
			.listener(this.events)
			.build();
		var _ = this.agent.start();
		AgentListener.ConnectFailed failure = this.events.next(AgentListener.ConnectFailed.class);
		assertThat(failure.cause()).isInstanceOf(ConnectException.class);
		assertThat(failure.attempt()).isEqualTo(1);
		assertThat(failure.retryIn()).isBetween(Duration.ZERO, Duration.ofMillis(10));
		assertThat(this.events.next(AgentListener.ConnectFailed.class).attempt()).isEqualTo(2);
		assertThat(this.log.all()).anyMatch((message) -> message.startsWith("Cannot connect to " + nowhere));
	}

	@Test
	void shouldReportARefusalWithItsStatus() throws Exception {
		this.gateway.refuse(500, Map.of());
		var _ = start();
		assertThat(this.events.next(AgentListener.ConnectFailed.class).cause()).isInstanceOfSatisfying(
				WebSocketHandshakeException.class,
				(refusal) -> assertThat(refusal.getResponse().statusCode()).isEqualTo(500));
		this.gateway.welcomed(1);
		this.events.next(AgentListener.Connected.class);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			401 | HTTP 401: the credentials are missing or bad
			403 | HTTP 403: the agent may not connect
			404 | HTTP 404: no gateway there; is it the agent port?
			503 | HTTP 503: the gateway is too busy, or leaving
			502 | HTTP 502; next attempt in
			""")
	void shouldSayInOneLineWhyItIsRefused(int status, String line) throws Exception {
		this.gateway.refuse(status, Map.of());
		this.builder.token(() -> "token");
		var _ = start();
		this.events.next(AgentListener.ConnectFailed.class);
		assertThat(this.log.at(Level.WARNING)).singleElement()
			.asString()
			.startsWith("Cannot connect to " + this.gateway.url())
			.contains(line)
			.doesNotContain("\n");
	}

	@ParameterizedTest
	@CsvSource({ "7,7", "-1,0", "4294967295,3600", "99999999999,3600" })
	void shouldWaitAsLongAsAGatewayAsksButAnHourAtMost(String retryAfter, long seconds) throws Exception {
		this.gateway.refuse(503, Map.of("Retry-After", retryAfter));
		var _ = start();
		assertThat(this.events.next(AgentListener.ConnectFailed.class).retryIn()).isBetween(Duration.ofSeconds(seconds),
				Duration.ofSeconds(seconds + 1));
	}

	@Test
	void shouldReportThatARevokedAgentAsksAgainInADay() throws Exception {
		var _ = start();
		this.gateway.welcomed(1).close(4500);
		this.events.next(AgentListener.Connected.class);
		AgentListener.Disconnected disconnected = this.events.next(AgentListener.Disconnected.class);
		assertThat(disconnected.code()).isEqualTo(4500);
		assertThat(disconnected.retryIn()).isBetween(Duration.ofDays(1), Duration.ofHours(25));
		assertThat(this.agent.stopped()).isNotDone();
	}

	@Test
	void shouldReportItsOwnCloseAsTheLastEnd() throws Exception {
		var _ = start();
		this.gateway.welcomed(1);
		this.events.next(AgentListener.Connected.class);
		this.agent.close();
		AgentListener.Disconnected disconnected = this.events.next(AgentListener.Disconnected.class);
		assertThat(disconnected.code()).isEqualTo(1000);
		assertThat(disconnected.reason()).isEqualTo("agent closes");
		assertThat(disconnected.retryIn()).isNull();
		assertThat(this.events.isEmpty()).isTrue();
	}

	@Test
	void shouldConnectAgainThoughItsListenerThrows() throws Exception {
		this.builder.listener(new AgentListener() {
			@Override
			public void connected(Connected event) {
				throw new IllegalStateException("connected");
			}

			@Override
			public void disconnected(Disconnected event) {
				throw new IllegalStateException("disconnected");
			}
		});
		var _ = start();
		this.gateway.welcomed(1).close(1001);
		this.gateway.welcomed(2).close(1001);
		this.gateway.welcomed(3);
		assertThat(this.log.all()).contains("The agent's listener failed java.lang.IllegalStateException: connected",
				"The agent's listener failed java.lang.IllegalStateException: disconnected");
	}

	@Test
	void shouldCloseWhenItsListenerAsksForIt() throws Exception {
		CompletableFuture<SwitchboardAgent> built = new CompletableFuture<>();
		this.builder.listener(new AgentListener() {
			@Override
			public void connected(Connected event) {
				built.join().close();
			}
		});
		var _ = start();
		built.complete(this.agent);
		ScriptedConnection connection = this.gateway.welcomed(1);
		assertThat(connection.closedWith()).isEqualTo(1000);
		assertThat(this.agent.stopped().get(20, TimeUnit.SECONDS)).isEqualTo(1000);
		assertThat(this.gateway.hasMoreConnections()).isFalse();
	}

	@Test
	void shouldNotRevealAToken() throws Exception {
		this.builder.token(() -> "secret\n");
		var _ = start();
		AgentListener.ConnectFailed failure = this.events.next(AgentListener.ConnectFailed.class);
		assertThat(failure.cause()).hasMessageNotContaining("secret").hasNoCause();
		this.agent.close();
		assertThat(this.log.all()).isNotEmpty().noneMatch((message) -> message.contains("secret"));
	}

}

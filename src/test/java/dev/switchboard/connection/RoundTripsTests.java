package dev.switchboard.connection;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.TestIds;
import io.netty.util.concurrent.DefaultEventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.web.reactive.socket.WebSocketMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LONG;

class RoundTripsTests {

	private static final Duration LONG_PATIENCE = Duration.ofSeconds(30);

	private final DefaultEventExecutor loop = new DefaultEventExecutor();

	private final ScriptedSession session = new ScriptedSession(this.loop);

	private final AgentConnection connection = this.session.open(new AgentId("acme", "laptop"), 1);

	@AfterEach
	void stop() {
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	@Test
	void shouldMeasureTheTimeUntilThePongOfThePing() {
		this.session.take(Long.MAX_VALUE);
		CompletableFuture<Examination> examined = examine(LONG_PATIENCE);
		String ping = pings().getFirst();
		pong("");
		pong("12345678");
		assertThat(examined).isNotDone();
		pong(ping.substring("ping".length()));
		assertThat(examined.join().roundTripNanos()).asInstanceOf(LONG).isNotNegative();
	}

	@Test
	void shouldNotBelieveThePongOfAnotherConnection() {
		this.session.take(Long.MAX_VALUE);
		AgentConnection other = this.session.connection(new AgentId("acme", "desktop"), 2);
		CompletableFuture<Examination> examined = examine(LONG_PATIENCE);
		String payload = pings().getFirst().substring("ping".length());
		this.loop.submit(() -> other.onNext(message(payload))).syncUninterruptibly();
		assertThat(examined).isNotDone();
		pong(payload);
		assertThat(examined.join().roundTripNanos()).isNotNull();
	}

	@Test
	void shouldSayThatNoPongCameInTime() {
		this.session.take(Long.MAX_VALUE);
		assertThat(examine(Duration.ofMillis(1)).join().roundTripNanos()).isNull();
		assertThat(pings()).hasSize(1);
	}

	@Test
	void shouldTakeThePingOfASlowAgentBackAndCountWhatWaitsForIt() {
		this.connection.push(push(100), LONG_PATIENCE).subscribe();
		this.connection
			.call(new Frame.Call(TestIds.call(), "m", LONG_PATIENCE.toMillis(), null, Payload.NULL), ChunkReceiver.DROP)
			.subscribe();
		Examination found = examine(Duration.ofMillis(1)).join();
		assertThat(found.roundTripNanos()).isNull();
		assertThat(found.queuedBytes()).isGreaterThan(100);
		assertThat(found.callsInFlight()).isEqualTo(1);
		assertThat(found.oldestCallNanos()).isPositive();
		this.session.take(Long.MAX_VALUE);
		assertThat(pings()).isEmpty();
	}

	@Test
	void shouldNotCloseAConnectionWhoseQueueHasNoRoomForThePing() {
		this.connection.push(push(700), LONG_PATIENCE).subscribe();
		assertThat(examine(Duration.ofMillis(1)).join().roundTripNanos()).isNull();
		assertThat(this.connection.isClosing()).isFalse();
		assertThat(this.session.isOpen()).isTrue();
	}

	private CompletableFuture<Examination> examine(Duration patience) {
		return this.connection.examine(patience).toFuture();
	}

	private List<String> pings() {
		return this.session.written().stream().filter((message) -> message.startsWith("ping")).toList();
	}

	private void pong(String payload) {
		this.loop.submit(() -> this.connection.onNext(message(payload))).syncUninterruptibly();
	}

	private WebSocketMessage message(String payload) {
		return this.session.pongMessage((buffers) -> buffers.wrap(payload.getBytes(StandardCharsets.ISO_8859_1)));
	}

	private static Frame.Push push(int length) {
		return new Frame.Push(TestIds.call(), "m", Payload.parse("\"" + "x".repeat(length) + "\""));
	}

}

package dev.switchboard.push;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ScriptedSession;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.TestNode;
import dev.switchboard.json.Envelope;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.TestIds;
import io.netty.channel.DefaultEventLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.web.reactive.socket.CloseStatus;

import static dev.switchboard.push.TestPushes.push;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class DeliveryTests {

	private static final String IGNORED = "switchboard.pushes.acks.ignored";

	private final DefaultEventLoop loop = new DefaultEventLoop();

	private final TestPushes test = new TestPushes(TestDatabase.H2);

	private final AgentId agent = this.test.known("a");

	private long epoch = 1;

	@AfterEach
	void stop() {
		this.test.close();
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	/** An agent's connection, whose claim is stored, and what its agent gets. */
	private final class Arrival {

		private final ScriptedSession session = new ScriptedSession(DeliveryTests.this.loop);

		private final AgentConnection connection;

		private Arrival(long reads) {
			this.connection = this.session.open(DeliveryTests.this.agent, DeliveryTests.this.epoch++);
			this.session.take(reads);
			DeliveryTests.this.test.registry.add(this.connection);
			DeliveryTests.this.test.sender.claimed(this.connection);
		}

		private List<Envelope> frames() {
			return this.session.written()
				.stream()
				.filter((message) -> message.startsWith("{\"type\":\"push\""))
				.map((message) -> Envelope.parse(message.getBytes(UTF_8)))
				.toList();
		}

		private List<String> ids() {
			return frames().stream().map((frame) -> frame.string("id")).toList();
		}

		private List<String> payloads() {
			return frames().stream().map((frame) -> frame.payload("payload").text()).toList();
		}

		private void awaitPushes(int count) {
			await().until(() -> frames().size() >= count);
			assertThat(frames()).hasSize(count);
		}

		private void ack(String id) {
			this.connection.onLoop(() -> DeliveryTests.this.test.sender.receive(this.connection, new Frame.Ack(id)));
		}

		private void end() {
			this.connection.close(DisconnectReason.TRY_LATER);
			DeliveryTests.this.test.registry.remove(this.connection);
			DeliveryTests.this.test.sender.ended(this.connection, CloseStatus.NO_CLOSE_FRAME);
		}

	}

	private Arrival arrive() {
		return new Arrival(Long.MAX_VALUE);
	}

	private static List<String> numbers(int from, int to) {
		return IntStream.range(from, to).mapToObj(Integer::toString).toList();
	}

	private int deliveries() {
		return (int) this.test.node.meters.get("switchboard.pushes.deliveries").gauge().value();
	}

	@Test
	void shouldSendAStoredPushAtOnceAndForgetItWhenItIsAcknowledged() {
		Arrival arrival = arrive();
		CallId id = this.test.stored(push(this.agent, "{\"a\" : 1}"));
		arrival.awaitPushes(1);
		assertThat(arrival.session.written()).contains(
				"{\"type\":\"push\",\"id\":\"" + id + "\",\"method\":\"m\",\"durable\":true,\"payload\":{\"a\" : 1}}");
		await().until(() -> this.test.find(id).sentAt() != null);
		assertThat(this.test.find(id).outcome()).isEqualTo(PushOutcome.QUEUED);
		arrival.ack(id.toString());
		await().until(() -> this.test.find(id).outcome() == PushOutcome.ACKNOWLEDGED);
		await().until(() -> deliveries() == 0);
		assertThat(this.test.find(id).endedAt()).isNotNull();
		assertThat(this.test.count("switchboard.pushes.durable", "event", "acknowledged")).isOne();
	}

	/** erlio/vmq_server 28: with more messages than fit into the window. */
	@Test
	void shouldSendWhatWaitedInItsOrderAWindowAtATime() {
		List<CallId> ids = this.test.storedAll(this.agent, 60);
		Arrival arrival = arrive();
		arrival.awaitPushes(16);
		for (int acked = 0; acked < 60; acked++) {
			int sent = acked;
			await().until(() -> arrival.frames().size() > sent);
			arrival.ack(arrival.ids().get(acked));
			assertThat(arrival.frames().size() - acked).isLessThanOrEqualTo(17);
		}
		await().until(() -> this.test.waiting(this.agent).isEmpty());
		assertThat(arrival.payloads()).isEqualTo(numbers(0, 60));
		assertThat(arrival.ids()).isEqualTo(ids.stream().map(CallId::toString).toList());
		await().until(() -> deliveries() == 0);
		assertThat(this.test.node.statements("push-next")).as("statements for 60 pushes").isLessThan(20);
	}

	/**
	 * Yakifo/amqtt 401 and nats-io/nats-streaming-server 77: a full window when the
	 * connection was lost.
	 */
	@Test
	void shouldSendWhatWasNotAcknowledgedAgainOnTheNextConnection() {
		this.test.storedAll(this.agent, 20);
		Arrival first = arrive();
		first.awaitPushes(16);
		first.ack(first.ids().get(3));
		await().until(() -> this.test.waiting(this.agent).size() == 19);
		first.end();
		Arrival second = arrive();
		second.awaitPushes(16);
		assertThat(second.ids().subList(0, 3)).isEqualTo(first.ids().subList(0, 3));
		assertThat(second.payloads()).startsWith("0", "1", "2", "4").doesNotContain("3");
		assertThat(deliveries()).isOne();
	}

	/** Azure/iotedge 1494: a completion that comes twice. */
	@Test
	void shouldIgnoreAcksOfWhatIsNotOnItsWay() {
		CallId id = this.test.stored(push(this.agent, "1"));
		Arrival arrival = arrive();
		arrival.awaitPushes(1);
		for (String other : List.of(TestIds.call().toString(), "", "x", "\ud83d\ude00")) {
			arrival.ack(other);
		}
		arrival.ack(id.toString());
		arrival.ack(id.toString());
		await().until(() -> this.test.count(IGNORED) == 5);
		await().until(() -> this.test.find(id).outcome() == PushOutcome.ACKNOWLEDGED);
		this.test.stored(push(this.agent, "2"));
		arrival.awaitPushes(2);
		assertThat(arrival.connection.isClosing()).isFalse();
	}

	/** nats-io/nats-server 4112: the window must not stay full for ever. */
	@Test
	void shouldFreeThePlacesOfPushesThatEndedOnTheirWay() {
		List<CallId> ids = this.test.storedAll(this.agent, 16);
		Arrival arrival = arrive();
		arrival.awaitPushes(16);
		this.test.stored(push(this.agent, "16"));
		TestNode.get(this.test.pushes.cancel("acme", ids.get(5)));
		for (int i = 0; i < 8; i++) {
			TestNode.get(this.test.pushes.cancel("acme", ids.get(8 + i)));
		}
		await().until(() -> arrival.payloads().contains("16"));
	}

	@Test
	void shouldNotSendAgainWhatHasExpiredSinceItWasSent() {
		this.test.stored(push(this.agent, "1", Duration.ofMinutes(1), null));
		Arrival first = arrive();
		first.awaitPushes(1);
		first.end();
		this.test.age(Duration.ofMinutes(1));
		this.test.stored(push(this.agent, "2"));
		Arrival second = arrive();
		second.awaitPushes(1);
		assertThat(second.payloads()).containsExactly("2");
	}

	/** Its queue holds 600 bytes, of which pushes take half. */
	@Test
	void shouldGiveWayToCallsOfASlowAgentAndNeverCloseItsConnection() {
		this.test.storedAll(this.agent, 12);
		Arrival arrival = new Arrival(1);
		await().until(() -> arrival.frames().size() == 1);
		arrival.connection.send(new Frame.Cancel(TestIds.call()));
		arrival.connection.send(new Frame.Cancel(TestIds.call()));
		assertThat(arrival.session.written()).hasSize(1);
		assertThat(arrival.connection.isClosing()).isFalse();
		arrival.session.take(Long.MAX_VALUE);
		arrival.awaitPushes(12);
		assertThat(arrival.payloads()).isEqualTo(numbers(0, 12));
	}

	@Test
	void shouldCostAnAgentForWhichNothingWaitsNothing() {
		for (int i = 0; i < 300; i++) {
			arrive();
		}
		await().until(() -> this.test.node.meters.get("switchboard.pushes.readings.queue").gauge().value() == 0);
		assertThat(deliveries()).isZero();
		assertThat(this.test.node.statements("push-next")).isZero();
	}

	@Test
	void shouldNotSendOnAConnectionWhoseAgentMayBeElsewhere() {
		Arrival arrival = arrive();
		arrival.connection.superseded();
		this.test.stored(push(this.agent, "1"));
		assertThat(arrival.frames()).isEmpty();
		assertThat(this.test.waiting(this.agent)).containsExactly("1");
	}

}

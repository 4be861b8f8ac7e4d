package dev.switchboard.agent;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.TestIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class PushHandlingTests {

	private final ScriptedGateway gateway = new ScriptedGateway();

	private final List<String> processed = new CopyOnWriteArrayList<>();

	private final CountDownLatch release = new CountDownLatch(1);

	private final AtomicBoolean broken = new AtomicBoolean(true);

	private final SwitchboardAgent agent = SwitchboardAgent.builder()
		.url(this.gateway.url())
		.identity("demo", "pushed")
		.pushHandler("note", (push) -> this.processed.add(push.payload().text()))
		.pushHandler("bug", (_) -> {
			throw new IllegalStateException("bug");
		})
		.pushHandler("held", (push) -> {
			this.processed.add(push.payload().text());
			this.release.await();
		})
		.pushHandler("once-broken", (push) -> {
			if (this.broken.getAndSet(false)) {
				throw new IllegalStateException("once");
			}
			this.processed.add(push.payload().text());
		})
		.reconnect(Duration.ofMillis(1), Duration.ofMillis(1))
		.build();

	@BeforeEach
	void start() {
		var _ = this.agent.start();
	}

	@AfterEach
	void close() {
		this.agent.close();
		this.gateway.close();
	}

	@Test
	void shouldProcessDurablePushesInOrderAndAcknowledgeEach() throws InterruptedException {
		ScriptedConnection connection = this.gateway.welcomed(1);
		for (int i = 0; i < 50; i++) {
			CallId id = push(connection, TestIds.call(), "note", Integer.toString(i));
			assertThat(connection.next()).isEqualTo(new Frame.Ack(id.toString()));
		}
		assertThat(this.processed).hasSize(50).startsWith("0", "1", "2").endsWith("49");
	}

	@Test
	void shouldAcknowledgeADuplicateWithoutProcessingItAgain() throws InterruptedException {
		ScriptedConnection connection = this.gateway.welcomed(1);
		CallId id = push(connection, TestIds.call(), "note", "1");
		push(connection, id, "note", "1");
		assertThat(connection.next()).isEqualTo(new Frame.Ack(id.toString()));
		assertThat(connection.next()).isEqualTo(new Frame.Ack(id.toString()));
		assertThat(this.processed).hasSize(1);
	}

	@Test
	void shouldNotAcknowledgeWhatItCouldNotProcess() throws InterruptedException {
		ScriptedConnection connection = this.gateway.welcomed(1);
		push(connection, TestIds.call(), "bug", "1");
		push(connection, TestIds.call(), "unknown", "1");
		CallId id = push(connection, TestIds.call(), "note", "1");
		assertThat(connection.next()).isEqualTo(new Frame.Ack(id.toString()));
	}

	@Test
	void shouldNotAcknowledgeAPushThatIsNotDurable() throws InterruptedException {
		ScriptedConnection connection = this.gateway.welcomed(1);
		connection.send(new Frame.Push(TestIds.call(), "note", Payload.parse("1")));
		CallId id = push(connection, TestIds.call(), "note", "2");
		assertThat(connection.next()).isEqualTo(new Frame.Ack(id.toString()));
		assertThat(this.processed).containsExactly("1", "2");
	}

	/** Yakifo/amqtt 401: what was in flight when the connection was lost. */
	@Test
	void shouldAcknowledgeOnTheNextConnectionWhatItHasProcessed() throws InterruptedException {
		ScriptedConnection first = this.gateway.welcomed(1);
		CallId id = push(first, TestIds.call(), "note", "1");
		assertThat(first.next()).isEqualTo(new Frame.Ack(id.toString()));
		first.close(1012);
		ScriptedConnection second = this.gateway.welcomed(1);
		push(second, id, "note", "1");
		assertThat(second.next()).isEqualTo(new Frame.Ack(id.toString()));
		assertThat(this.processed).containsExactly("1");
	}

	/** Its first handler still runs when it comes again. */
	@Test
	void shouldNotStartThePushTwiceAtOnce() throws InterruptedException {
		ScriptedConnection first = this.gateway.welcomed(1);
		CallId id = push(first, TestIds.call(), "held", "1");
		await().until(() -> this.processed.size() == 1);
		first.close(1012);
		ScriptedConnection second = this.gateway.welcomed(1);
		push(second, id, "held", "1");
		this.release.countDown();
		assertThat(second.next()).isEqualTo(new Frame.Ack(id.toString()));
		assertThat(this.processed).containsExactly("1");
	}

	@Test
	void shouldProcessAgainOnTheNextConnectionWhatItCouldNotProcess() throws InterruptedException {
		ScriptedConnection first = this.gateway.welcomed(1);
		CallId id = push(first, TestIds.call(), "once-broken", "1");
		push(first, TestIds.call(), "note", "2");
		first.next();
		first.close(1012);
		ScriptedConnection second = this.gateway.welcomed(1);
		push(second, id, "once-broken", "1");
		assertThat(second.next()).isEqualTo(new Frame.Ack(id.toString()));
		assertThat(this.processed).containsExactly("2", "1");
	}

	/** However many others wait. */
	@Test
	void shouldDropNoDurablePush() throws InterruptedException {
		ScriptedConnection connection = this.gateway.welcomed(1);
		push(connection, TestIds.call(), "held", "1");
		for (int i = 0; i < 1100; i++) {
			connection.send(new Frame.Push(TestIds.call(), "note", Payload.parse("2")));
		}
		CallId id = push(connection, TestIds.call(), "note", "3");
		await().until(() -> this.processed.size() == 1);
		this.release.countDown();
		connection.next();
		assertThat(connection.next()).isEqualTo(new Frame.Ack(id.toString()));
	}

	private static CallId push(ScriptedConnection connection, CallId id, String method, String payload) {
		connection.send(new Frame.Push(id, method, true, Payload.parse(payload)));
		return id;
	}

}

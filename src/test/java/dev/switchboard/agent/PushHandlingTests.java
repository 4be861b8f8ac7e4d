package dev.switchboard.agent;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.TestIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PushHandlingTests {

	private final ScriptedGateway gateway = new ScriptedGateway();

	private final List<String> processed = new CopyOnWriteArrayList<>();

	private final SwitchboardAgent agent = SwitchboardAgent.builder()
		.url(this.gateway.url())
		.identity("demo", "pushed")
		.pushHandler("note", (push) -> this.processed.add(push.payload().text()))
		.pushHandler("bug", (_) -> {
			throw new IllegalStateException("bug");
		})
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
	void shouldProcessPushesInOrderAndAcknowledgeEach() throws InterruptedException {
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

	private static CallId push(ScriptedConnection connection, CallId id, String method, String payload) {
		connection.send(new Frame.Push(id, method, Payload.parse(payload)));
		return id;
	}

}

package dev.switchboard.agent;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EventHandlingTests {

	private final ScriptedGateway gateway = new ScriptedGateway();

	private final SwitchboardAgent agent = SwitchboardAgent.builder()
		.url(this.gateway.url())
		.identity("acme", "a1")
		.reconnect(Duration.ofMillis(1), Duration.ofMillis(10))
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

	private CompletableFuture<Void> send(String subject) {
		return this.agent.event(subject, Payload.parse("1"));
	}

	private static Frame.Event next(ScriptedConnection connection) throws InterruptedException {
		return (Frame.Event) connection.next();
	}

	private static void assertRefused(CompletableFuture<Void> event, String code) {
		assertThatThrownBy(() -> event.get(20, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class)
			.cause()
			.isInstanceOfSatisfying(EventRefusedException.class, (ex) -> assertThat(ex.code()).isEqualTo(code));
	}

	@Test
	void shouldCompleteWhenTheEventIsAcknowledged() throws Exception {
		ScriptedConnection connection = this.gateway.welcomed(1);
		CompletableFuture<Void> sent = send("job/done");
		Frame.Event event = next(connection);
		assertThat(event.subject()).isEqualTo("job/done");
		assertThat(event.payload().text()).isEqualTo("1");
		assertThat(sent).isNotDone();
		connection.send(new Frame.EventAck(event.id()));
		sent.get(20, TimeUnit.SECONDS);
	}

	@Test
	void shouldSendAgainInOrderOnTheNextConnection() throws Exception {
		ScriptedConnection first = this.gateway.welcomed(1);
		send("1");
		CompletableFuture<Void> second = send("2");
		send("3");
		String one = next(first).id();
		String two = next(first).id();
		String three = next(first).id();
		first.send(new Frame.EventAck(two));
		second.get(20, TimeUnit.SECONDS);
		first.close(1012);
		ScriptedConnection next = this.gateway.welcomed(2);
		assertThat(next(next).id()).isEqualTo(one);
		assertThat(next(next).id()).isEqualTo(three);
	}

	@Test
	void shouldSendAnEventOnceThereIsAConnection() throws Exception {
		CompletableFuture<Void> sent = send("early");
		ScriptedConnection connection = this.gateway.welcomed(1);
		connection.send(new Frame.EventAck(next(connection).id()));
		sent.get(20, TimeUnit.SECONDS);
	}

	@Test
	void shouldFailIfTheGatewayRefusesTheEventForGood() throws Exception {
		ScriptedConnection connection = this.gateway.welcomed(1);
		CompletableFuture<Void> sent = send("s");
		connection.send(new Frame.EventError(next(connection).id(), "invalid", "no", null));
		assertRefused(sent, "invalid");
	}

	@Test
	void shouldSendAgainWhenTheGatewayWasBusy() throws Exception {
		ScriptedConnection connection = this.gateway.welcomed(1);
		CompletableFuture<Void> sent = send("s");
		Frame.Event event = next(connection);
		connection.send(new Frame.EventError(event.id(), "busy", "later", 1L));
		assertThat(next(connection).id()).isEqualTo(event.id());
		connection.send(new Frame.EventAck(event.id()));
		sent.get(20, TimeUnit.SECONDS);
	}

	@Test
	void shouldRefuseEventsForWhichThereIsNoRoom() {
		for (int i = 0; i < 1000; i++) {
			assertThat(send("s")).isNotDone();
		}
		assertRefused(send("s"), EventRefusedException.FULL);
	}

	@Test
	void shouldRefuseMoreThanFourMebibytes() {
		Payload big = Payload.parse("\"" + "x".repeat(3 << 20) + "\"");
		assertThat(this.agent.event("s", big)).isNotDone();
		assertRefused(this.agent.event("s", big), EventRefusedException.FULL);
	}

	@Test
	void shouldFailEventsWhenTheAgentIsClosed() {
		CompletableFuture<Void> sent = send("s");
		this.agent.close();
		assertRefused(sent, EventRefusedException.CLOSED);
		assertRefused(send("s"), EventRefusedException.CLOSED);
	}

	@Test
	void shouldRefuseASubjectThatIsNotOne() {
		assertThatIllegalArgumentException().isThrownBy(() -> send(""));
		assertThatIllegalArgumentException().isThrownBy(() -> send("\u00e4"));
	}

}

package dev.switchboard.agent;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.TestIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class CallHandlingTests {

	private final ScriptedGateway gateway = new ScriptedGateway();

	private final CountDownLatch release = new CountDownLatch(1);

	private final Queue<String> seen = new ConcurrentLinkedQueue<>();

	private final AtomicInteger runs = new AtomicInteger();

	private final AgentBuilder builder = SwitchboardAgent.builder()
		.url(this.gateway.url())
		.identity("demo", "laptop-1");

	private SwitchboardAgent agent = this.builder.build();

	@AfterEach
	void close() {
		this.release.countDown();
		this.agent.close();
		this.gateway.close();
	}

	private ScriptedConnection start() throws InterruptedException {
		this.agent.close();
		this.agent = this.builder.build();
		var _ = this.agent.start();
		return this.gateway.welcomed(1);
	}

	@Test
	void shouldAnswerWithTheHandlersResultByteForByte() throws InterruptedException {
		this.builder.handler("echo", IncomingCall::payload);
		ScriptedConnection connection = start();
		CallId id = connection.call("echo", "{ \"a\" : \"\\u00e9\\/ é\" }");
		assertThat(connection.next()).isEqualTo(new Frame.Result(id, Payload.parse("{ \"a\" : \"\\u00e9\\/ é\" }")));
	}

	@Test
	void shouldAnswerARejectionWithItsCodeMessageAndPayload() throws InterruptedException {
		this.builder.handler("no", (_) -> {
			throw new CallRejectedException("busy", "come later", Payload.parse("[1]"));
		});
		ScriptedConnection connection = start();
		CallId id = connection.call("no", "null");
		assertThat(connection.next()).isEqualTo(new Frame.Error(id, "busy", "come later", Payload.parse("[1]")));
	}

	@Test
	void shouldAnswerAnUnknownMethodWithMethodUnknown() throws InterruptedException {
		ScriptedConnection connection = start();
		CallId id = connection.call("nothing", "null");
		assertThat(connection.next()).isInstanceOfSatisfying(Frame.Error.class, (error) -> {
			assertThat(error.id()).isEqualTo(id);
			assertThat(error.code()).isEqualTo("method-unknown");
		});
	}

	@Test
	void shouldAnswerAFailureWithoutTellingAboutIt() throws InterruptedException {
		this.builder.handler("bug", (_) -> {
			throw new IllegalStateException("secret");
		});
		ScriptedConnection connection = start();
		CallId id = connection.call("bug", "null");
		assertThat(connection.next()).isEqualTo(new Frame.Error(id, "internal", "the agent's handler failed", null));
	}

	@Test
	void shouldStreamChunksBeforeTheResult() throws InterruptedException {
		this.builder.handler("two", (call) -> {
			call.chunk(Payload.parse("1"));
			call.chunk(Payload.parse("2"));
			return Payload.NULL;
		});
		ScriptedConnection connection = start();
		CallId id = connection.call("two", "null");
		assertThat(List.of(connection.next(), connection.next(), connection.next())).containsExactly(
				new Frame.Chunk(id, Payload.parse("1")), new Frame.Chunk(id, Payload.parse("2")),
				new Frame.Result(id, Payload.NULL));
	}

	@Test
	void shouldRefuseAResultThatIsBiggerThanAFrame() throws InterruptedException {
		this.builder.handler("big", (_) -> Payload.parse("\"" + "x".repeat((int) ScriptedConnection.MAX_FRAME) + "\""));
		this.builder.handler("echo", IncomingCall::payload);
		ScriptedConnection connection = start();
		connection.call("big", "null");
		assertThat(connection.next()).isInstanceOfSatisfying(Frame.Error.class,
				(error) -> assertThat(error.code()).isEqualTo("result-too-large"));
		CallId next = connection.call("echo", "1");
		assertThat(connection.next()).isEqualTo(new Frame.Result(next, Payload.parse("1")));
	}

	@Test
	void shouldJoinADuplicateOfARunningCallAndAnswerItAgainAfterwards() throws InterruptedException {
		this.builder.handler("wait", (_) -> {
			this.seen.add("begun");
			this.release.await();
			return Payload.parse(Integer.toString(this.runs.incrementAndGet()));
		});
		this.builder.handler("echo", IncomingCall::payload);
		ScriptedConnection connection = start();
		CallId id = connection.call("wait", "null");
		awaitSeen("begun");
		connection.call(id, "wait", "null", 60_000);
		CallId behind = connection.call("echo", "0");
		assertThat(connection.next()).isEqualTo(new Frame.Result(behind, Payload.parse("0")));
		this.release.countDown();
		assertThat(connection.next()).isEqualTo(new Frame.Result(id, Payload.parse("1")));
		connection.call(id, "wait", "null", 60_000);
		assertThat(connection.next()).isEqualTo(new Frame.Result(id, Payload.parse("1")));
		assertThat(this.runs).hasValue(1);
	}

	@Test
	void shouldInterruptTheHandlerOfACancelledCallAndNotAnswerIt() throws InterruptedException {
		waitUntilInterrupted();
		ScriptedConnection connection = start();
		CallId id = connection.call("wait", "null");
		awaitSeen("begun");
		connection.send(new Frame.Cancel(id));
		awaitSeen("told");
		awaitSeen("interrupted");
		CallId next = connection.call("echo", "1");
		assertThat(connection.next()).isEqualTo(new Frame.Result(next, Payload.parse("1")));
	}

	@Test
	void shouldNotAnswerACancelledCallHoweverSoonItsHandlerEnds() throws InterruptedException {
		BlockingQueue<CallId> begun = new LinkedBlockingQueue<>();
		this.builder.handler("echo", IncomingCall::payload).handler("wait", (call) -> {
			begun.add(call.id());
			this.release.await();
			return Payload.NULL;
		});
		ScriptedConnection connection = start();
		for (int i = 0; i < 300; i++) {
			connection.send(new Frame.Cancel(callAndAwait(connection, begun)));
		}
		CallId next = connection.call("echo", "1");
		assertThat(connection.next()).isEqualTo(new Frame.Result(next, Payload.parse("1")));
	}

	private static CallId callAndAwait(ScriptedConnection connection, BlockingQueue<CallId> begun)
			throws InterruptedException {
		CallId id = connection.call("wait", "null");
		assertThat(begun.poll(10, TimeUnit.SECONDS)).isEqualTo(id);
		return id;
	}

	@Test
	void shouldInterruptTheHandlerAndNotAnswerWhenTheDeadlinePasses() throws InterruptedException {
		waitUntilInterrupted();
		ScriptedConnection connection = start();
		connection.call(TestIds.call(), "wait", "null", 200);
		awaitSeen("begun");
		awaitSeen("told");
		awaitSeen("interrupted");
		CallId next = connection.call("echo", "1");
		assertThat(connection.next()).isEqualTo(new Frame.Result(next, Payload.parse("1")));
	}

	private void waitUntilInterrupted() {
		this.builder.handler("echo", IncomingCall::payload).handler("wait", (call) -> {
			call.onCancel(() -> this.seen.add("told"));
			this.seen.add("begun");
			try {
				this.release.await();
				return Payload.NULL;
			}
			catch (InterruptedException ex) {
				this.seen.add("interrupted");
				throw ex;
			}
		});
	}

	private void awaitSeen(String what) {
		await().until(() -> this.seen.contains(what));
	}

}

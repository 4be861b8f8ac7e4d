package dev.switchboard.forwarding;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.connection.ConnectionException;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.ScriptedSession;
import dev.switchboard.json.Payload;
import dev.switchboard.listener.RefusedRequests;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.routing.Call;
import dev.switchboard.routing.Disconnect;
import dev.switchboard.routing.ForwardException;
import dev.switchboard.routing.NodeQuestion;
import dev.switchboard.routing.Push;
import dev.switchboard.routing.Verb;
import dev.switchboard.time.ManualTime;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.netty.util.concurrent.DefaultEventExecutor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/** Verbs and questions from one node to another, over a socket. */
class PeerForwarderTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop-1");

	private static final Duration LONG = Duration.ofSeconds(30);

	private final LoopResources loops = LoopResources.create("forwarder-test", 1, true);

	private final DefaultEventExecutor agentLoop = new DefaultEventExecutor();

	private final ScriptedSession session = new ScriptedSession(this.agentLoop);

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final ForwardingSettings settings = new ForwardingSettings(0, "127.0.0.1", null, LONG, LONG, 1000);

	private final List<String> subjects = new CopyOnWriteArrayList<>();

	private final NodeQuestion question = new NodeQuestion("greeting", (subject) -> {
		this.subjects.add(subject);
		return subject.equals("world") ? Mono.just(Payload.parse("\"hello\"")) : Mono.empty();
	});

	private final AtomicBoolean overloaded = new AtomicBoolean();

	private final ForwardingServer server = new ForwardingServer(this.settings, true,
			RequestHandlers.of(this.registry, this.registry::supersede, List.of(this.question)), 100_000, this.loops,
			new RefusedRequests("forwarding", new SimpleMeterRegistry(), TimeSource.SYSTEM),
			(_) -> () -> !this.overloaded.get(), new ChannelInboundHandlerAdapter(), TimeSource.SYSTEM);

	/** Stands still, so that only the other node ends a request that takes too long. */
	private final ManualTime requesterTime = new ManualTime();

	private final Peers peers = new Peers(this.settings, this.loops, DefaultAddressResolverGroup.INSTANCE,
			new ForwardingMetrics(new SimpleMeterRegistry()), this.requesterTime, null);

	private final PeerForwarder forwarder = new PeerForwarder(this.peers);

	@BeforeEach
	void start() {
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.peers.destroy();
		this.server.stop();
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(LONG);
		this.agentLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	@Test
	void shouldFailAForwardedPushAsUnsentWhenItWaitsAtASlowAgentForTooLong() {
		connect();
		expect(new Push(AGENT, note(), Duration.ofMillis(50)), ConnectionException.Reason.DEADLINE_UNSENT);
		this.session.take(1);
		assertThat(this.session.written()).isEmpty();
	}

	@Test
	void shouldCompleteAForwardedPushWhenItsAgentIsSentIt() {
		connect();
		this.session.take(1);
		Frame.Push note = note();
		StepVerifier.create(forward(new Push(AGENT, note, LONG))).expectComplete().verify(LONG);
		assertThat(this.session.written()).singleElement().asString().contains("push", note.id().toString());
	}

	@Test
	void shouldFailAForwardedCallAsUnsentWhenItWaitsAtASlowAgentForTooLong() {
		connect();
		expect(call(Duration.ofMillis(50)), ConnectionException.Reason.DEADLINE_UNSENT);
		this.session.take(1);
		assertThat(this.session.written()).isEmpty();
	}

	@Test
	void shouldFailAForwardedCallByItsDeadlineAtTheAgent() {
		connect();
		this.session.take(1);
		expect(call(Duration.ofMillis(50)), ConnectionException.Reason.DEADLINE);
	}

	@Test
	void shouldCloseTheConnectionOfAForwardedDisconnect() {
		AgentConnection connection = connect();
		StepVerifier.create(forward(new Disconnect(AGENT, LONG))).expectComplete().verify(LONG);
		Awaitility.await().until(connection::isClosing); // on its own event loop
	}

	@Test
	void shouldSayThatTheAgentIsNotHere() {
		for (Verb<?> verb : List.of(call(LONG), new Push(AGENT, note(), LONG), new Disconnect(AGENT, LONG))) {
			StepVerifier.create(forward(verb))
				.expectErrorSatisfies((failure) -> assertThat(failure).isInstanceOfSatisfying(ForwardException.class,
						(ex) -> assertThat(ex.reason()).isEqualTo(ForwardException.Reason.NOT_HERE)))
				.verify(LONG);
		}
	}

	@Test
	void shouldSayThatAnOverloadedNodeDidNotRunACallOrPush() {
		connect();
		this.session.take(2);
		this.overloaded.set(true);
		expect(call(LONG), ConnectionException.Reason.OVERLOADED);
		expect(new Push(AGENT, note(), LONG), ConnectionException.Reason.OVERLOADED);
		assertThat(this.session.written()).isEmpty();
		this.overloaded.set(false);
		StepVerifier.create(forward(new Push(AGENT, note(), LONG))).expectComplete().verify(LONG);
	}

	@Test
	void shouldAnswerQuestionsAndDisconnectWhenOverloaded() {
		AgentConnection connection = connect();
		this.overloaded.set(true);
		StepVerifier.create(this.forwarder.ask(node(), "greeting", "world", LONG))
			.expectNext(Payload.parse("\"hello\""))
			.expectComplete()
			.verify(LONG);
		StepVerifier.create(forward(new Disconnect(AGENT, LONG))).expectComplete().verify(LONG);
		Awaitility.await().until(connection::isClosing); // on its own event loop
	}

	@Test
	void shouldAnswerQuestions() {
		StepVerifier.create(this.forwarder.ask(node(), "greeting", "world", LONG))
			.expectNext(Payload.parse("\"hello\""))
			.expectComplete()
			.verify(LONG);
		StepVerifier.create(this.forwarder.ask(node(), "greeting", "moon", LONG)).expectComplete().verify(LONG);
		assertThat(this.subjects).containsExactly("world", "moon");
	}

	@Test
	void shouldRefuseAKindThatItDoesNotKnow() {
		StepVerifier.create(this.forwarder.ask(node(), "later", "world", LONG))
			.expectErrorSatisfies((failure) -> assertThat(failure).isInstanceOfSatisfying(ForwardException.class,
					(ex) -> assertThat(ex.reason()).isEqualTo(ForwardException.Reason.NOT_UNDERSTOOD)))
			.verify(LONG);
	}

	private AgentConnection connect() {
		AgentConnection connection = this.session.open(AGENT, 1);
		this.registry.add(connection);
		return connection;
	}

	private static Call call(Duration timeToLive) {
		return new Call(AGENT, new Frame.Call(TestIds.call(), "echo", timeToLive.toMillis(), null, Payload.NULL),
				ChunkReceiver.DROP);
	}

	private static Frame.Push note() {
		return new Frame.Push(TestIds.call(), "note", Payload.NULL);
	}

	private <T> Mono<T> forward(Verb<T> verb) {
		return this.forwarder.forward(node(), verb);
	}

	private void expect(Verb<?> verb, ConnectionException.Reason reason) {
		StepVerifier.create(forward(verb))
			.expectErrorSatisfies((failure) -> assertThat(failure).isInstanceOfSatisfying(ConnectionException.class,
					(ex) -> assertThat(ex.reason()).isEqualTo(reason)))
			.verify(LONG);
	}

	private NodeRecord node() {
		return new NodeRecord(new NodeId(new UUID(0, 1)), "127.0.0.1", this.server.port(), null, NodeState.UP, 0, 1,
				Instant.EPOCH, Duration.ofSeconds(15));
	}

}

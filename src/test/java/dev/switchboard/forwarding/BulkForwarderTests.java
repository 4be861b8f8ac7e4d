package dev.switchboard.forwarding;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.Answer;
import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.connection.ConnectionException;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.ScriptedSession;
import dev.switchboard.json.Payload;
import dev.switchboard.listener.RefusedRequests;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.routing.BulkForwarder;
import dev.switchboard.routing.Call;
import dev.switchboard.routing.Disconnect;
import dev.switchboard.routing.ForwardException;
import dev.switchboard.routing.Push;
import dev.switchboard.routing.Verb;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.netty.util.concurrent.DefaultEventExecutor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.resources.LoopResources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Many verbs from one node to another in one request, over a socket. */
class BulkForwarderTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final Payload PAYLOAD = Payload.parse("{\"to\": \"all\"}");

	private final LoopResources loops = LoopResources.create("bulk-test", 2, true);

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final DefaultEventExecutor agentLoop = new DefaultEventExecutor();

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final AtomicBoolean overloaded = new AtomicBoolean();

	private final Map<String, InboundHandler> handlers = new HashMap<>(
			RequestHandlers.of(this.registry, this.registry::supersede, List.of()));

	private final ForwardingMetrics metrics = new ForwardingMetrics(this.meters);

	private final Map<AgentId, ScriptedSession> sessions = new ConcurrentHashMap<>();

	private @Nullable ForwardingServer server;

	private Peers peers = peers(LONG);

	private BulkForwarder forwarder = forwarder();

	private @Nullable Relay relay;

	@BeforeEach
	void start() {
		this.server = new ForwardingServer(settings(LONG), true, this.handlers, 100_000, this.loops,
				new RefusedRequests("forwarding", new SimpleMeterRegistry(), TimeSource.SYSTEM),
				(_) -> () -> !this.overloaded.get(), new ChannelInboundHandlerAdapter(), TimeSource.SYSTEM);
		this.server.start();
	}

	@AfterEach
	void stop() throws Exception {
		this.forwarder.close();
		this.peers.destroy();
		if (this.relay != null) {
			this.relay.close();
		}
		server().stop();
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(LONG);
		this.agentLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	@Test
	void shouldCarryTheCallsOfManyAgentsInOneRequest() throws Exception {
		List<AgentId> agents = agents(50);
		Map<AgentId, CompletableFuture<Answer>> calls = new HashMap<>();
		agents.forEach((agent) -> calls.put(agent, call(agent)));
		agents.reversed().forEach((agent) -> answer(agent, "\"of " + agent.agent() + "\""));
		for (AgentId agent : agents) {
			assertThat(Objects.requireNonNull(calls.get(agent)).get(30, TimeUnit.SECONDS))
				.isEqualTo(new Answer.Completed(Payload.parse("\"of " + agent.agent() + "\"")));
		}
		assertThat(streams()).isOne();
		this.forwarder.close();
		await().atMost(LONG).until(() -> requests("verbs", "answered") == 1);
		await().atMost(LONG).until(() -> streams() == 0);
		assertThat(this.meters.find("switchboard.forwarding.requests").counters()).hasSize(1);
	}

	@Test
	void shouldGiveTheAgentWhatASingleCallWould() throws Exception {
		AgentId agent = connect("one");
		Frame.Call frame = new Frame.Call(TestIds.call(), "look", 20_000, "00-trace", PAYLOAD);
		CompletableFuture<Answer> call = forward(new Call(agent, frame, ChunkReceiver.DROP));
		assertThat(taken(agent)).contains("\"id\":\"" + frame.id() + "\"", "\"method\":\"look\"",
				"\"traceparent\":\"00-trace\"", "\"payload\":{\"to\": \"all\"}");
		receive(agent, new Frame.Error(frame.id(), "busy", "later", Payload.TRUE));
		assertThat(call.get(30, TimeUnit.SECONDS)).isEqualTo(new Answer.Rejected("busy", "later", Payload.TRUE));
	}

	@Test
	void shouldSendFurtherVerbsOfAnotherKindOnTheSameStream() throws Exception {
		AgentId agent = connect("one");
		CompletableFuture<Answer> call = call(agent);
		CompletableFuture<Void> push = forward(
				new Push(agent, new Frame.Push(TestIds.call(), "note", Payload.NULL), LONG));
		assertThat(push.get(30, TimeUnit.SECONDS)).isNull();
		answer(agent, "1");
		call.get(30, TimeUnit.SECONDS);
		assertThat(session(agent).written()).anyMatch((frame) -> frame.contains("\"type\":\"push\""));
		assertThat(streams()).isOne();
	}

	@Test
	void shouldSayThatAnAgentIsNotHereAndBringTheOthersThere() throws Exception {
		CompletableFuture<Answer> gone = call(new AgentId("acme", "gone"));
		AgentId here = connect("here");
		CompletableFuture<Answer> call = call(here);
		expect(gone, ForwardException.Reason.NOT_HERE);
		answer(here, "1");
		call.get(30, TimeUnit.SECONDS);
	}

	@Test
	void shouldFailAVerbAsItsAgentsConnectionDoes() {
		AgentId agent = connect("one");
		String big = "\"" + "x".repeat(2000) + "\"";
		expect(forward(call(agent, LONG, Payload.parse(big))), ConnectionException.Reason.PAYLOAD_TOO_LARGE);
		CompletableFuture<Answer> late = forward(call(agent, Duration.ofMillis(50), PAYLOAD));
		expect(late, ConnectionException.Reason.DEADLINE);
		for (int i = 0; i < 3; i++) {
			call(agent);
		}
		expect(call(agent), ConnectionException.Reason.TOO_MANY_IN_FLIGHT);
	}

	@Test
	void shouldRefuseVerbsWhileOverloadedAndTakeThemAfterwards() throws Exception {
		AgentId agent = connect("one");
		this.overloaded.set(true);
		expect(call(agent), ConnectionException.Reason.OVERLOADED);
		this.overloaded.set(false);
		CompletableFuture<Answer> call = call(agent);
		answer(agent, "1");
		call.get(30, TimeUnit.SECONDS);
		assertThat(streams()).isOne();
	}

	@Test
	void shouldCancelACallAtItsAgentAndDropItsLateAnswer() throws Exception {
		AgentId left = connect("left");
		AgentId stays = connect("stays");
		CompletableFuture<Answer> cancelled = call(left);
		CompletableFuture<Answer> call = call(stays);
		taken(left);
		cancelled.cancel(true);
		await().atMost(LONG)
			.until(() -> session(left).written().stream().anyMatch((frame) -> frame.contains("\"cancel\"")));
		answer(left, "1");
		answer(stays, "2");
		assertThat(call.get(30, TimeUnit.SECONDS)).isEqualTo(new Answer.Completed(Payload.parse("2")));
		await().atMost(LONG).until(() -> server().unanswered() == 0);
		assertThat(streams()).isOne();
	}

	@Test
	void shouldCancelAllCallsAtTheAgentsWhenItCloses() {
		List<AgentId> agents = agents(5);
		agents.forEach(this::call);
		agents.forEach(this::taken);
		assertThat(server().unanswered()).isEqualTo(5);
		this.forwarder.close();
		agents.forEach((agent) -> await().atMost(LONG)
			.until(() -> session(agent).written().stream().anyMatch((frame) -> frame.contains("\"cancel\""))));
		await().atMost(LONG).until(() -> server().unanswered() == 0);
		expect(call(agents.getFirst()), ForwardException.Reason.UNSENT);
	}

	@Test
	void shouldNotCountAStreamOnWhichNoVerbRunsAsUnanswered() throws Exception {
		AgentId agent = connect("one");
		CompletableFuture<Answer> call = call(agent);
		taken(agent);
		assertThat(server().unanswered()).isOne();
		answer(agent, "1");
		call.get(30, TimeUnit.SECONDS);
		assertThat(streams()).isOne();
		assertThat(server().unanswered()).isZero();
	}

	@Test
	void shouldFailWhatWasSentAsLostWhenTheNodeDies() throws Exception {
		Relay between = relay();
		List<AgentId> agents = agents(5);
		List<CompletableFuture<Answer>> calls = agents.stream()
			.map((agent) -> forward(call(agent, LONG, PAYLOAD), between.port()))
			.toList();
		agents.forEach(this::taken);
		answer(agents.getFirst(), "1");
		calls.getFirst().get(30, TimeUnit.SECONDS);
		between.cut();
		calls.stream().skip(1).forEach((call) -> expect(call, ForwardException.Reason.LOST));
	}

	@Test
	void shouldFailAsUnsentWhatANodeThatIsGoneWasNotSent() {
		AgentId agent = connect("one");
		server().stop();
		expect(call(agent), ForwardException.Reason.UNSENT);
	}

	@Test
	void shouldFinishWhatWasBegunAndBeginNothingOnAStreamOfANodeThatLeaves() throws Exception {
		AgentId begun = connect("begun");
		AgentId late = connect("late");
		CompletableFuture<Answer> call = call(begun);
		taken(begun);
		server().streams().forEach(ServerStreams::leave);
		CompletableFuture<Answer> next = onAnotherStream(late);
		assertThat(call).isNotDone();
		answer(late, "2");
		next.get(30, TimeUnit.SECONDS);
		answer(begun, "1");
		assertThat(call.get(30, TimeUnit.SECONDS)).isEqualTo(new Answer.Completed(Payload.parse("1")));
		await().atMost(LONG).until(() -> requests("verbs", "answered") == 1);
		assertThat(streams()).isOne();
	}

	/** Calls until the node's word that it leaves has come. */
	private CompletableFuture<Answer> onAnotherStream(AgentId agent) throws Exception {
		while (true) {
			CompletableFuture<Answer> call = call(agent);
			taken(agent);
			if (streams() > 1) {
				return call;
			}
			answer(agent, "0");
			call.get(30, TimeUnit.SECONDS);
		}
	}

	@Test
	void shouldSayThatAVerbThatCameTooLateForANodeThatEndsWasNotRun() throws Exception {
		Relay between = relay();
		AgentId begun = connect("begun");
		AgentId late = connect("late");
		CompletableFuture<Answer> call = forward(call(begun, LONG, PAYLOAD), between.port());
		taken(begun);
		between.holdAnswers();
		receives(between, () -> server().streams().forEach(ServerStreams::takeNoMore));
		CompletableFuture<Answer> refused = receives(between, () -> forward(call(late, LONG, PAYLOAD), between.port()));
		between.releaseAnswers();
		expect(refused, ForwardException.Reason.UNSENT);
		answer(begun, "1");
		call.get(30, TimeUnit.SECONDS);
		assertThat(session(late).written()).isEmpty();
	}

	private static void receives(Relay between, Runnable sender) {
		receives(between, () -> {
			sender.run();
			return "";
		});
	}

	/** Waits until the relay has what the action lets a node send. */
	private static <T> T receives(Relay between, Supplier<T> sender) {
		long before = between.received();
		T sent = sender.get();
		await().atMost(LONG).until(() -> between.received() > before);
		return sent;
	}

	@Test
	void shouldSendEachVerbOnItsOwnToANodeOfAnOlderVersion() throws Exception {
		server().stop();
		this.handlers.remove(VerbMessages.KIND);
		start();
		List<AgentId> agents = agents(5);
		List<CompletableFuture<Answer>> calls = agents.stream().map(this::call).toList();
		agents.forEach((agent) -> answer(agent, "1"));
		for (CompletableFuture<Answer> call : calls) {
			assertThat(call.get(30, TimeUnit.SECONDS)).isEqualTo(new Answer.Completed(Payload.parse("1")));
		}
		CompletableFuture<Answer> cancelled = call(agents.getFirst());
		await().atMost(LONG).until(() -> server().unanswered() == 1);
		cancelled.cancel(true);
		await().atMost(LONG).until(() -> requests("call", "cancelled") == 1);
		assertThat(requests("call", "answered")).isEqualTo(5);
		assertThat(requests("verbs", "not_understood")).isOne();
		await().atMost(LONG).until(() -> streams() == 0);
	}

	@Test
	void shouldSendOtherVerbsOnTheirOwn() throws Exception {
		AgentId agent = connect("one");
		assertThat(forward(new Disconnect(agent, LONG)).get(30, TimeUnit.SECONDS)).isNull();
		assertThat(requests("disconnect", "answered")).isOne();
		assertThat(streams()).isZero();
	}

	@Test
	void shouldNotTakeANodeForDeadWhoseAgentsThinkForLong() throws Exception {
		Relay between = relay();
		this.peers.destroy();
		this.peers = peers(Duration.ofMillis(900));
		this.forwarder = forwarder();
		AgentId agent = connect("one");
		CompletableFuture<Answer> call = forward(call(agent, LONG, PAYLOAD), between.port());
		taken(agent);
		long passed = between.passed();
		// Two pings and their answers: more than one silence.
		await().atMost(LONG).until(() -> between.passed() >= passed + 4 * 17);
		answer(agent, "1");
		call.get(30, TimeUnit.SECONDS);
		between.swallow();
		expect(forward(call(agent, LONG, PAYLOAD), between.port()), ForwardException.Reason.LOST);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "09", "0200", "0200000001", "03", "0104", "010463616c6c7b", "0104736f6d657b7d" })
	void shouldCloseNothingElseWhenARequestCannotBeRead(String message) throws Exception {
		AgentId agent = connect("one");
		// On the connection of one event loop.
		CompletableFuture<Answer> other = call(agent);
		taken(agent);
		CompletableFuture<Void> broken = this.peers
			.<Void>send(node(server().port()), garbage(HexFormat.of().parseHex(message)))
			.toFuture();
		expect(broken, ForwardException.Reason.LOST);
		answer(agent, "1");
		assertThat(other.get(30, TimeUnit.SECONDS)).isEqualTo(new Answer.Completed(Payload.parse("1")));
	}

	private static PeerRequest<Void> garbage(byte[] message) {
		return new PeerRequest<>(VerbMessages.KIND, null, LONG, new PeerRequest.Body() {
			@Override
			public byte[] encode(Duration left) {
				return new byte[0];
			}

			@Override
			public boolean isOpen() {
				return true;
			}

			@Override
			public void opened(BodyStream body) {
				body.write(message, () -> {
				});
			}
		}, (_) -> null);
	}

	private ForwardingServer server() {
		return Objects.requireNonNull(this.server);
	}

	private Peers peers(Duration silence) {
		return new Peers(settings(silence), this.loops, DefaultAddressResolverGroup.INSTANCE, this.metrics,
				TimeSource.SYSTEM, null);
	}

	private BulkForwarder forwarder() {
		return new BulkPeerForwarder(this.peers, LONG, this.metrics, TimeSource.SYSTEM);
	}

	private static ForwardingSettings settings(Duration silence) {
		return new ForwardingSettings(0, "127.0.0.1", null, LONG, silence, 1000);
	}

	private Relay relay() throws Exception {
		Relay between = new Relay(server().port());
		this.relay = between;
		return between;
	}

	private List<AgentId> agents(int count) {
		return IntStream.range(0, count).mapToObj((number) -> connect("agent-" + number)).toList();
	}

	/** Connects an agent, which takes all that is sent to it. */
	private AgentId connect(String name) {
		AgentId agent = new AgentId("acme", name);
		ScriptedSession session = new ScriptedSession(this.agentLoop);
		AgentConnection connection = session.open(agent, 1);
		session.take(Long.MAX_VALUE);
		this.registry.add(connection);
		this.sessions.put(agent, session);
		return agent;
	}

	private ScriptedSession session(AgentId agent) {
		return Objects.requireNonNull(this.sessions.get(agent));
	}

	/** Waits until the agent has a call, and returns it. */
	private String taken(AgentId agent) {
		ScriptedSession session = session(agent);
		await().atMost(LONG).until(() -> session.written().stream().anyMatch((frame) -> frame.contains("\"call\"")));
		return session.written()
			.stream()
			.filter((frame) -> frame.contains("\"type\":\"call\""))
			.reduce((_, latest) -> latest)
			.orElseThrow();
	}

	/** Answers the latest call of the agent. */
	private void answer(AgentId agent, String payload) {
		String call = taken(agent);
		int id = call.indexOf("\"id\":\"") + 6;
		receive(agent, new Frame.Result(CallId.parse(call.substring(id, id + 36)), Payload.parse(payload)));
	}

	private void receive(AgentId agent, Frame.FromAgent frame) {
		session(agent).receive(Objects.requireNonNull(this.registry.find(agent)), frame);
	}

	private CompletableFuture<Answer> call(AgentId agent) {
		return forward(call(agent, LONG, PAYLOAD));
	}

	private static Call call(AgentId agent, Duration timeToLive, Payload payload) {
		return new Call(agent, new Frame.Call(TestIds.call(), "echo", timeToLive.toMillis(), null, payload),
				ChunkReceiver.DROP);
	}

	private <T> CompletableFuture<T> forward(Verb<T> verb) {
		return forward(verb, server().port());
	}

	private <T> CompletableFuture<T> forward(Verb<T> verb, int port) {
		return this.forwarder.forward(node(port), verb).toFuture();
	}

	private static NodeRecord node(int port) {
		return new NodeRecord(new NodeId(new UUID(0, 1)), "127.0.0.1", port, null, NodeState.UP, 0, 1, Instant.EPOCH,
				Duration.ofSeconds(15));
	}

	private static void expect(CompletableFuture<?> verb, ForwardException.Reason reason) {
		assertThat(verb).failsWithin(LONG)
			.withThrowableOfType(ExecutionException.class)
			.havingCause()
			.isInstanceOfSatisfying(ForwardException.class, (ex) -> assertThat(ex.reason()).isEqualTo(reason));
	}

	private static void expect(CompletableFuture<?> verb, ConnectionException.Reason reason) {
		assertThat(verb).failsWithin(LONG)
			.withThrowableOfType(ExecutionException.class)
			.havingCause()
			.isInstanceOfSatisfying(ConnectionException.class, (ex) -> assertThat(ex.reason()).isEqualTo(reason));
	}

	private double requests(String kind, String result) {
		var counter = this.meters.find("switchboard.forwarding.requests")
			.tags("kind", kind, "result", result)
			.counter();
		return (counter != null) ? counter.count() : 0;
	}

	private double streams() {
		return this.meters.get("switchboard.forwarding.streams").gauge().value();
	}

}

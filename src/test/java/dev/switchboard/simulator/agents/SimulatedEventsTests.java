package dev.switchboard.simulator.agents;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.protocol.TestIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Events and durable pushes of simulated agents. */
class SimulatedEventsTests {

	private final Sockets sockets = new Sockets(1);

	private final AgentStats stats = new AgentStats();

	private final StopSignal patience = new StopSignal();

	/** The events that came, in their order. */
	private final Queue<Frame.Event> events = new ConcurrentLinkedQueue<>();

	private final Set<String> seen = ConcurrentHashMap.newKeySet();

	SimulatedEventsTests() {
		this.patience.stopAfter(30, TimeUnit.SECONDS);
	}

	@AfterEach
	void closeSockets() {
		this.sockets.close();
	}

	private SimulatedAgents agents(ScriptedGateway gateway, String... args) {
		AgentOptions options = CommandLine.populateCommand(new AgentOptions(), args);
		options.urls = List.of(URI.create(gateway.url()));
		options.prepare();
		return new SimulatedAgents(options, this.sockets, this.stats);
	}

	private Frame.@Nullable Event event(String text) {
		Frame frame = FrameCodec.decodeFromAgent(text.getBytes(StandardCharsets.UTF_8));
		if (frame instanceof Frame.Event event) {
			this.events.add(event);
			return event;
		}
		return null;
	}

	private EventStats counts() {
		return Objects.requireNonNull(this.stats.events());
	}

	private @Nullable Frame acknowledge(String text) {
		Frame.Event event = event(text);
		return (event != null) ? new Frame.EventAck(event.id()) : null;
	}

	@Test
	void shouldSendEventsOfEachAgentInTurn() {
		try (ScriptedGateway gateway = ScriptedGateway.answering(this::acknowledge);
				SimulatedAgents agents = agents(gateway, "--agents=3", "--first=7", "--events-per-second=200",
						"--event-subject=till/#", "--event-bytes=10")) {
			await().until(() -> counts().acknowledged() >= 30);
			agents.finishEvents(this.patience);
			assertThat(counts().acknowledged()).isEqualTo(counts().sent.sum());
			assertThat(this.events).extracting(Frame.Event::subject).contains("till/7", "till/8", "till/9");
			assertThat(this.events).extracting(Frame.Event::id).doesNotHaveDuplicates();
			assertThat(this.events).allSatisfy((event) -> assertThat(event.payload().text()).hasSize(10));
			assertThat(counts().toString()).matches(
					"events: (\\d+) of \\1 acknowledged in .* a second; ms p50 .*; refused 0; sent again 0; held back \\d+");
		}
	}

	@Test
	void shouldSendWhatIsNotAcknowledgedAgainOnTheNextConnectionFirst() {
		try (ScriptedGateway gateway = ScriptedGateway.answering((text) -> {
			Frame.Event event = event(text);
			boolean enough = this.events.size() > 3;
			return (event != null && enough) ? new Frame.EventAck(event.id()) : null;
		}); SimulatedAgents agents = agents(gateway, "--agents=1", "--reconnect", "--events-per-second=50")) {
			await().until(() -> this.events.size() >= 3);
			gateway.disconnect();
			agents.finishEvents(this.patience);
			assertThat(counts().acknowledged()).isEqualTo(counts().sent.sum());
			assertThat(counts().again.sum()).isPositive();
			assertThat(gateway.handshakes).hasSizeGreaterThan(1);
		}
	}

	@Test
	void shouldSendAgainWhatWasRefusedForAWhileAndGiveUpWhatWasRefusedForGood() {
		try (ScriptedGateway gateway = ScriptedGateway.answering((text) -> {
			Frame.Event event = event(text);
			if (event == null) {
				return null;
			}
			if (event.id().endsWith("-0")) {
				return new Frame.EventError(event.id(), "invalid", "planted", null);
			}
			return this.seen.add(event.id()) ? new Frame.EventError(event.id(), "busy", "planted", 1L)
					: new Frame.EventAck(event.id());
		}); SimulatedAgents agents = agents(gateway, "--agents=2", "--events-per-second=100")) {
			await().until(() -> counts().acknowledged() >= 5);
			agents.finishEvents(this.patience);
			assertThat(counts().acknowledged()).isEqualTo(counts().sent.sum() - 1);
			assertThat(counts().again.sum()).isEqualTo(counts().acknowledged());
			assertThat(counts().refused)
				.hasToString((counts().again.sum() + 1) + " (busy: " + counts().again.sum() + ", invalid: 1)");
		}
	}

	@Test
	void shouldSendNoEventsUnlessToldTo() {
		try (ScriptedGateway gateway = ScriptedGateway.sendingFrames(ScriptedGateway.welcome());
				SimulatedAgents agents = agents(gateway, "--agents=1")) {
			assertThat(agents.awaitConnected(this.patience)).isTrue();
			assertThat(this.stats.events()).isNull();
			agents.finishEvents(this.patience);
			assertThat(this.stats.toString()).doesNotContain("event");
		}
	}

	@Test
	void shouldHoldBackWhatNoAgentCanSend() {
		try (ScriptedGateway gateway = ScriptedGateway.sending((out) -> out.sendClose(4500, "revoked"));
				SimulatedAgents agents = agents(gateway, "--agents=1", "--events-per-second=1000")) {
			await().until(() -> counts().heldBack.sum() > 0);
			assertThat(agents.isConnected()).isFalse();
		}
	}

	@Test
	void shouldProcessADurablePushOnceAndAcknowledgeItEachTime() {
		CallId id = TestIds.call();
		Frame push = new Frame.Push(id, "note", true, Payload.TRUE);
		try (ScriptedGateway gateway = ScriptedGateway.sendingFrames(push, push,
				new Frame.Push(TestIds.call(), "note", true, Payload.TRUE));
				SimulatedAgents agents = agents(gateway, "--agents=1")) {
			await().until(() -> gateway.received.size() == 3);
			assertThat(gateway.received).filteredOn((ack) -> ack.contains(id.toString())).hasSize(2);
			assertThat(this.stats.processed.sum()).isEqualTo(2);
			assertThat(this.stats.repeated.sum()).isOne();
			assertThat(this.stats.toString()).contains("pushed 3, processed 2, repeated 1");
			assertThat(agents.isConnected()).isTrue();
		}
	}

	@Test
	void shouldRememberSoManyPushes() {
		ProcessedPushes pushes = new ProcessedPushes(2);
		List<CallId> ids = List.of(TestIds.call(), TestIds.call(), TestIds.call());
		assertThat(ids).allMatch(pushes::add);
		assertThat(pushes.add(ids.get(2))).isFalse();
		assertThat(pushes.add(ids.get(1))).isFalse();
		assertThat(pushes.add(ids.get(0))).isTrue();
	}

	@Test
	void shouldKeepNoMoreUnacknowledgedEventsThanItMay() {
		UnacknowledgedEvents events = new UnacknowledgedEvents(2);
		events.add(3, "a", 7);
		assertThat(events.isFull()).isFalse();
		events.add(3, "b", 8);
		assertThat(events.isFull()).isTrue();
		assertThat(events.of(3)).containsExactly("a", "b");
		assertThat(events.remove(4, "a")).isNull();
		assertThat(events.remove(3, "a")).isEqualTo(7);
		assertThat(events.remove(3, "a")).isNull();
		assertThat(events.contains(3, "b")).isTrue();
		assertThat(events.isFull()).isFalse();
	}

}

package dev.switchboard.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.switchboard.json.Payload;
import dev.switchboard.loop.TimerWheel;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.time.Chance;
import dev.switchboard.time.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

/** A process that was stopped, on an event loop whose time the test moves. */
class AbsenceTests {

	private static final Duration HEARTBEAT = Duration.ofSeconds(30);

	private static final Duration STEP = Duration.ofMillis(100);

	private final ManualTime time = new ManualTime();

	private final EmbeddedChannel channel = new EmbeddedChannel();

	private final ScriptedSession session = new ScriptedSession(this.channel.eventLoop());

	private final List<AgentConnection> checked = new ArrayList<>();

	private Sinks.Empty<Void> directory = Sinks.empty();

	private boolean sure = true;

	private final Ownership ownership = new Ownership() {

		@Override
		public boolean isSure(long now) {
			return AbsenceTests.this.sure;
		}

		@Override
		public Mono<Void> check(AgentConnection connection) {
			AbsenceTests.this.checked.add(connection);
			return AbsenceTests.this.directory.asMono();
		}

	};

	private final EventLoopContext context = new EventLoopContext(this.channel.eventLoop(),
			new TimerWheel(this.channel.eventLoop(), this.time, (_) -> {
			}), new ConnectionLimits(3, 1000, 600, HEARTBEAT.toNanos()),
			new ConnectionMetrics(new SimpleMeterRegistry(), new ConnectionRegistry()), (_, _) -> {
			}, (_) -> {
			}, this.ownership, new FaultLog(this.time), new Holdings(this.channel.eventLoop(), ByteBudget.unlimited()),
			TestRates.unlimited(), this.time, Chance.seeded(1));

	private final List<Object> ends = new ArrayList<>();

	@SuppressWarnings("NullAway.Init")
	private AgentConnection connection;

	@BeforeEach
	void connect() {
		this.channel.freezeTime();
		heard();
		this.connection = new AgentConnection(new AgentCredentials(new AgentId("acme", "laptop"), null), 1, null,
				this.session, this.context);
		this.connection.run().subscribe();
	}

	/** Makes something come from the agent. */
	private void heard() {
		this.session.lastHeardNanos = this.time.nanoTime();
	}

	private CallId call(Duration timeToLive) {
		CallId id = TestIds.call();
		this.connection.call(new Frame.Call(id, "echo", timeToLive.toMillis(), null, Payload.NULL), ChunkReceiver.DROP)
			.subscribe(this.ends::add, this.ends::add);
		this.channel.runPendingTasks();
		return id;
	}

	private void answer(CallId id) {
		this.connection.receive(new Frame.Result(id, Payload.NULL));
	}

	/** Lets the process run for a time. */
	private void run(Duration time) {
		for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(STEP)) {
			pass(STEP);
		}
	}

	/** Stops the process for a time, and then lets it run what is due. */
	private void stop(Duration time) {
		pass(time);
	}

	private void pass(Duration time) {
		this.time.advance(time);
		this.channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
		this.channel.runScheduledPendingTasks();
		this.channel.runPendingTasks();
	}

	@Test
	void shouldReadThePongThatCameMeanwhile() {
		call(Duration.ofMinutes(5));
		run(Duration.ofSeconds(6));
		stop(Duration.ofSeconds(6));
		heard();
		run(Duration.ofSeconds(2));
		assertThat(this.session.closed).isNull();
		assertThat(this.ends).isEmpty();
	}

	@Test
	void shouldNotTakeItsOwnAbsenceForTheAgentsSilence() {
		stop(HEARTBEAT.multipliedBy(3));
		run(Duration.ofSeconds(2));
		assertThat(this.session.closed).isNull();
	}

	@Test
	void shouldGiveUpAnAgentThatStaysSilentAfterItsReturn() {
		stop(HEARTBEAT.multipliedBy(3));
		run(HEARTBEAT.multipliedBy(2).plusSeconds(1));
		assertThat(Objects.requireNonNull(this.session.closed).getCode()).isEqualTo(4001);
	}

	@Test
	void shouldPassOnTheAnswerThatCameBeforeTheDeadlineThatPassedMeanwhile() {
		CallId id = call(Duration.ofSeconds(3));
		stop(Duration.ofSeconds(6));
		assertThat(this.ends).isEmpty();
		answer(id);
		assertThat(this.ends).singleElement().isInstanceOf(Answer.Completed.class);
	}

	@Test
	void shouldPassOnNoAnswerBeforeItHasAskedWhoHoldsTheAgent() {
		CallId id = call(Duration.ofMinutes(5));
		this.sure = false;
		answer(id);
		assertThat(this.ends).isEmpty();
		assertThat(this.checked).containsExactly(this.connection);
		this.directory.tryEmitEmpty();
		this.channel.runPendingTasks();
		assertThat(this.ends).singleElement().isInstanceOf(Answer.Completed.class);
	}

	@Test
	void shouldPassOnNoAnswerOfAnAgentThatAnotherNodeHolds() {
		CallId id = call(Duration.ofMinutes(5));
		this.sure = false;
		answer(id);
		this.connection.superseded();
		this.directory.tryEmitEmpty();
		this.channel.runPendingTasks();
		assertThat(this.ends).singleElement().isInstanceOf(ConnectionException.class);
		assertThat(Objects.requireNonNull(this.session.closed).getCode()).isEqualTo(4501);
	}

	@Test
	void shouldSendNoCallBeforeItHasAskedWhoHoldsTheAgent() {
		this.sure = false;
		call(Duration.ofMinutes(5));
		this.connection.superseded();
		this.directory.tryEmitEmpty();
		this.channel.runPendingTasks();
		assertThat(this.ends).singleElement()
			.isInstanceOfSatisfying(ConnectionException.class,
					(failure) -> assertThat(failure.reason()).isEqualTo(ConnectionException.Reason.CLOSING));
	}

}

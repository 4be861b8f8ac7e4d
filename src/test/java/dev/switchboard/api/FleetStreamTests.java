package dev.switchboard.api;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import dev.switchboard.connection.Answer;
import dev.switchboard.fanout.FleetMessage;
import dev.switchboard.fanout.FleetRequest;
import dev.switchboard.fanout.FleetRun;
import dev.switchboard.fanout.FleetTargets;
import dev.switchboard.fanout.TestFleetCalls;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

import static org.assertj.core.api.Assertions.assertThat;

/** The lines of a fleet call, for callers of every speed. */
class FleetStreamTests {

	private static final Answer BIG = new Answer.Completed(Payload.parse("\"" + "x".repeat(200_000) + "\""));

	private final TestFleetCalls fleet = new TestFleetCalls();

	private final List<AgentId> agents = IntStream.range(0, 40)
		.mapToObj((number) -> this.fleet.nodes.add("a" + number, 1))
		.toList();

	private final FleetStream stream = stream();

	/** The lines that the caller's socket has not taken. */
	private final List<ByteBuf> waiting = new ArrayList<>();

	private final List<Throwable> failures = new ArrayList<>();

	@AfterEach
	void reset() {
		TestFleetCalls.reset();
		take(Integer.MAX_VALUE);
	}

	private FleetStream stream() {
		FleetRun run = this.fleet.fleetCalls
			.open(new FleetRequest(new FleetTargets.Named(this.agents),
					new FleetMessage.ToCall("look", null, Payload.NULL), 3, null, Duration.ofMinutes(30)))
			.block();
		return new FleetStream(Objects.requireNonNull(run), StreamFormat.NDJSON, "completed", this.fleet.time);
	}

	@Test
	void shouldHoldNoMoreThanTheLimitAndOneWindowForASlowCaller() {
		begin();
		answerAll();
		long most = LineStream.LIMIT + 4 * 200_100;
		assertThat(this.stream.lines().unwritten()).isBetween(LineStream.LIMIT, most);
		assertThat(this.fleet.nodes.inFlight()).isZero();
		int lines = 0;
		while (this.fleet.nodes.called.size() < this.agents.size()) {
			lines += take(1);
			answerAll();
			assertThat(this.stream.lines().unwritten()).isLessThan(most);
		}
		lines += take(Integer.MAX_VALUE);
		assertThat(lines).isEqualTo(this.agents.size() + 2);
		assertThat(this.failures).isEmpty();
	}

	@Test
	void shouldCancelTheFleetCallOfACallerThatTakesNothing() {
		begin();
		answerAll();
		this.fleet.clock.advanceTimeBy(Duration.ofSeconds(45));
		take(1);
		answerAll();
		this.fleet.clock.advanceTimeBy(FleetStream.STALLED);
		assertThat(this.failures).isEmpty();
		this.fleet.clock.advanceTimeBy(LineStream.QUIET);
		assertThat(this.failures).hasSize(1);
		assertThat(this.fleet.nodes.closed).isOne();
	}

	@Test
	void shouldWriteAFillerEachTimeThatItHasBeenQuiet() {
		begin();
		take(1);
		for (int i = 0; i < 20; i++) {
			this.fleet.clock.advanceTimeBy(LineStream.QUIET);
			assertThat(this.waiting).singleElement()
				.extracting((line) -> line.toString(StandardCharsets.UTF_8))
				.isEqualTo("\n");
			take(1);
		}
		assertThat(this.failures).isEmpty();
	}

	@Test
	void shouldCancelTheFleetCallOfACallerThatHangsUp() {
		begin().dispose();
		assertThat(this.fleet.nodes.cancelled).hasSize(3);
		assertThat(this.fleet.nodes.closed).isOne();
	}

	private Disposable begin() {
		return this.stream.begin().subscribe(this.waiting::add, this.failures::add);
	}

	/** Answers calls until none is in flight. */
	private void answerAll() {
		while (this.fleet.nodes.inFlight() > 0) {
			List<AgentId> called = List.copyOf(this.fleet.nodes.called);
			called.subList(called.size() - this.fleet.nodes.inFlight(), called.size())
				.forEach((agent) -> this.fleet.nodes.answer(agent, BIG));
		}
	}

	private int take(int most) {
		List<ByteBuf> taken = List.copyOf(this.waiting.subList(0, Math.min(most, this.waiting.size())));
		this.waiting.subList(0, taken.size()).clear();
		taken.forEach(ByteBuf::release);
		return taken.size();
	}

}

package dev.switchboard.fanout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

import dev.switchboard.label.Selector;
import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.TestIds;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

/** Durable fleet pushes in virtual time, to a store whose answers the test gives. */
class DurableFleetPushesTests {

	private static final int KIB = 1024;

	/** At most six places for pushes that are being stored. */
	private final TestFleetCalls fleet = new TestFleetCalls(6);

	private final RecordedFleet report = new RecordedFleet();

	/** The pushes that are being stored. */
	private final Map<AgentId, Sinks.One<CallId>> storing = new LinkedHashMap<>();

	/** The ids under which pushes were to be stored. */
	private final Map<AgentId, CallId> ids = new LinkedHashMap<>();

	@AfterEach
	void reset() {
		TestFleetCalls.reset();
	}

	private Mono<CallId> store(AgentId agent, CallId id) {
		Sinks.One<CallId> answer = Sinks.one();
		this.ids.put(agent, id);
		this.storing.put(agent, answer);
		return answer.asMono();
	}

	private void stored(AgentId agent) {
		answer(agent).tryEmitValue(Objects.requireNonNull(this.ids.get(agent))).orThrow();
	}

	private void refused(AgentId agent, Problem problem) {
		answer(agent).tryEmitError(new ProblemException(problem, "planted")).orThrow();
	}

	private Sinks.One<CallId> answer(AgentId agent) {
		return Objects.requireNonNull(this.storing.remove(agent), () -> "nothing is stored for " + agent);
	}

	private static List<AgentId> agents(int count) {
		return IntStream.range(0, count).mapToObj((number) -> new AgentId("acme", "a" + number)).toList();
	}

	private FleetRequest request(FleetTargets targets, int window, @Nullable Long stopAfter, int bytes) {
		return new FleetRequest(targets, new FleetMessage.ToStore(this::store, bytes), window, stopAfter,
				Duration.ofMinutes(1));
	}

	private FleetRun start(FleetRequest request, RecordedFleet to) {
		FleetRun run = Objects.requireNonNull(this.fleet.fleetCalls.open(request).block(Duration.ofSeconds(30)));
		run.start(to);
		return run;
	}

	private FleetRun start(List<AgentId> agents, int window, @Nullable Long stopAfter) {
		return start(request(new FleetTargets.Named(agents), window, stopAfter, 10), this.report);
	}

	private double storingNow() {
		return this.fleet.meters.get("switchboard.fleet.storing").gauge().value();
	}

	// firebase/firebase-admin-python 640: the answers did not say whose they were.
	@Test
	void shouldReportEachAgentUnderItsNameInWhateverOrderPushesAreStored() {
		List<AgentId> agents = agents(3);
		start(agents, 10, null);
		agents.reversed().forEach(this::stored);
		assertThat(this.report.results.keySet()).containsExactlyElementsOf(agents.reversed());
		assertThat(agents).allSatisfy((agent) -> assertThat(this.report.of(agent))
			.isEqualTo(new FleetResult.Queued(Objects.requireNonNull(this.ids.get(agent)))));
		assertThat(this.ids.values()).doesNotHaveDuplicates();
		assertThat(this.fleet.nodes.called).isEmpty();
		assertThat(this.fleet.meters.get("switchboard.fleet.agents")
			.tags("kind", "durable_push", "outcome", "queued")
			.counter()
			.count()).isEqualTo(3);
	}

	// beste/firebase-php 450: after an unknown device, the others got nothing.
	// beste/firebase-php 396: unknown devices were among the successes.
	@Test
	void shouldStoreForTheAgentsAfterAnUnknownOne() {
		List<AgentId> agents = agents(4);
		start(agents, 1, null);
		stored(agents.get(0));
		refused(agents.get(1), Problem.AGENT_UNKNOWN);
		stored(agents.get(2));
		stored(agents.get(3));
		assertThat(this.report.with(Outcome.NOT_SENT)).containsExactly(agents.get(1));
		assertThat(this.report.problem(agents.get(1))).isEqualTo(Problem.AGENT_UNKNOWN);
		assertThat(Objects.requireNonNull(this.report.summary).count(Outcome.COMPLETED)).isEqualTo(3);
	}

	// vernemq/vernemq 769: nothing said that a full queue had dropped a message.
	@Test
	void shouldReportTheRefusalOfAFullQueueWithItsAgent() {
		List<AgentId> agents = agents(2);
		start(agents, 10, null);
		refused(agents.get(0), Problem.TOO_MANY_REQUESTS);
		stored(agents.get(1));
		assertThat(this.report.problem(agents.get(0))).isEqualTo(Problem.TOO_MANY_REQUESTS);
		assertThat(this.report.outcome(agents.get(0))).isEqualTo(Outcome.NOT_SENT);
		assertThat(this.report.summary).isNotNull();
	}

	// node-apn/node-apn 191 and 578: a large batch queued until there was no memory.
	@Test
	void shouldStoreNoMoreAtATimeThanAllFleetPushesMay() {
		List<AgentId> agents = agents(40);
		start(agents.subList(0, 20), 4, null);
		RecordedFleet other = new RecordedFleet();
		start(request(new FleetTargets.Named(agents.subList(20, 40)), 1000, null, 10), other);
		while (!this.storing.isEmpty()) {
			assertThat(this.storing).hasSizeLessThanOrEqualTo(6);
			assertThat(agents.subList(0, 20).stream().filter(this.storing::containsKey)).hasSizeLessThanOrEqualTo(4);
			stored(this.storing.keySet().iterator().next());
		}
		assertThat(this.report.results).hasSize(20);
		assertThat(other.results).hasSize(20);
		assertThat(other.summary).isNotNull();
		assertThat(storingNow()).isZero();
	}

	@Test
	void shouldStoreFewerAtATimeWhenTheyAreLarge() {
		List<AgentId> agents = agents(5);
		start(request(new FleetTargets.Named(agents), 1000, null, 100 * KIB), this.report);
		assertThat(this.storing).hasSize(2);
		List.copyOf(agents).forEach((agent) -> {
			stored(agent);
			assertThat(this.storing).hasSizeLessThanOrEqualTo(2);
		});
		assertThat(this.report.summary).isNotNull();
		assertThat(storingNow()).isZero();
	}

	// productdevbook/unemail 119: a batch dropped the key, so its retry sent all again.
	@Test
	void shouldReportTheEarlierPushOfARepeatedOne() {
		AgentId agent = agents(1).getFirst();
		start(List.of(agent), 10, null);
		CallId earlier = TestIds.call();
		answer(agent).tryEmitValue(earlier).orThrow();
		assertThat(this.report.of(agent)).isEqualTo(new FleetResult.Queued(earlier));
	}

	@Test
	void shouldSelectAgentsThatAreOfflineToo() {
		this.fleet.selected.addAll(agents(3));
		start(request(new FleetTargets.Selected("acme", Selector.ALL), 10, null, 10), this.report);
		assertThat(this.fleet.pages).isOne();
		assertThat(this.fleet.online).isNull();
		List.copyOf(this.storing.keySet()).forEach(this::stored);
		assertThat(this.report.results.keySet()).containsExactlyInAnyOrderElementsOf(agents(3));
	}

	@Test
	void shouldReportWhatHasBecomeOfPushesThatWereBeingStoredWhenItStopped() {
		List<AgentId> agents = agents(5);
		start(agents, 3, 1L);
		refused(agents.get(0), Problem.TOO_MANY_REQUESTS);
		stored(agents.get(1));
		assertThat(this.report.summary).isNull();
		stored(agents.get(2));
		assertThat(this.report.with(Outcome.COMPLETED)).containsExactly(agents.get(1), agents.get(2));
		assertThat(this.report.problem(agents.get(4))).isEqualTo(Problem.CALL_CANCELLED);
		assertThat(this.report.outcome(agents.get(4))).isEqualTo(Outcome.NOT_SENT);
		assertThat(this.report.summary).isNotNull();
		assertThat(this.ids).hasSize(3);
	}

	@Test
	void shouldNotSayThatAPushIsNotStoredWhenTheTimeIsUp() {
		List<AgentId> agents = agents(3);
		start(agents, 2, null);
		this.fleet.clock.advanceTimeBy(Duration.ofSeconds(62));
		assertThat(this.report.with(Outcome.UNKNOWN)).containsExactlyInAnyOrder(agents.get(0), agents.get(1));
		assertThat(this.report.outcome(agents.get(2))).isEqualTo(Outcome.NOT_SENT);
		assertThat(this.report.summary).isNotNull();
	}

	@Test
	void shouldStoreNoMoreForACallerThatHungUp() {
		List<AgentId> agents = new ArrayList<>(agents(10));
		FleetRun run = start(agents, 2, null);
		run.cancel();
		stored(agents.getFirst());
		assertThat(this.ids).hasSize(2);
		assertThat(storingNow()).isZero();
		assertThat(this.fleet.nodes.closed).isOne();
	}

}

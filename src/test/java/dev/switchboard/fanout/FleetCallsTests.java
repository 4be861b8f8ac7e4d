package dev.switchboard.fanout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

import dev.switchboard.connection.Answer;
import dev.switchboard.connection.ConnectionException;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.json.Payload;
import dev.switchboard.label.Selector;
import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.quota.Occupancy;
import dev.switchboard.quota.Quota;
import dev.switchboard.routing.Call;
import dev.switchboard.routing.ForwardException;
import dev.switchboard.routing.Push;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Fleet calls in virtual time, to nodes whose answers the test gives. */
class FleetCallsTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final FleetMessage CALL = new FleetMessage.ToCall("look", "00-trace", Payload.TRUE);

	private final TestFleetCalls fleet = new TestFleetCalls();

	private final RecordedFleet report = new RecordedFleet();

	@AfterEach
	void reset() {
		TestFleetCalls.reset();
	}

	@Test
	void shouldReportEachAgentAsACallToItAloneWouldEnd() {
		AgentId done = add("done");
		AgentId busy = add("busy");
		AgentId lost = add("lost");
		AgentId gone = add("gone");
		AgentId offline = this.fleet.nodes.addOffline("offline");
		AgentId unknown = new AgentId("acme", "unknown");
		start(request(10, null, done, busy, lost, gone, offline, unknown));
		this.fleet.nodes.complete(done);
		this.fleet.nodes.answer(busy, new Answer.Rejected("busy", "later", null));
		this.fleet.nodes.fail(lost, new ForwardException(ForwardException.Reason.LOST));
		this.fleet.nodes.fail(gone, new ConnectionException(ConnectionException.Reason.DISCONNECTED));
		assertThat(this.report.agents).isEqualTo(6);
		assertThat(this.report.outcome(done)).isEqualTo(Outcome.COMPLETED);
		assertThat(this.report.outcome(busy)).isEqualTo(Outcome.REJECTED);
		assertThat(this.report.problem(lost)).isEqualTo(Problem.NODE_DISCONNECTED);
		assertThat(this.report.problem(gone)).isEqualTo(Problem.AGENT_DISCONNECTED);
		assertThat(this.report.problem(offline)).isEqualTo(Problem.AGENT_OFFLINE);
		assertThat(this.report.problem(unknown)).isEqualTo(Problem.AGENT_UNKNOWN);
		FleetSummary summary = summary();
		assertThat(summary.agents()).isEqualTo(6);
		assertThat(List.of(Outcome.COMPLETED, Outcome.REJECTED, Outcome.UNKNOWN, Outcome.NOT_SENT, Outcome.CANCELLED))
			.allSatisfy((outcome) -> assertThat(summary.count(outcome)).isEqualTo(this.report.with(outcome).size()));
		assertThat(agents("not_sent")).isEqualTo(2);
		assertThat(calls("finished")).isOne();
		assertThat(this.fleet.nodes.closed).isOne();
	}

	@Test
	void shouldGiveEachAgentACallOfItsOwn() {
		List<AgentId> agents = addAll(2, 1);
		start(request(10, null, agents));
		Call first = (Call) Objects.requireNonNull(this.fleet.nodes.verbs.get(agents.getFirst()));
		Call second = (Call) Objects.requireNonNull(this.fleet.nodes.verbs.get(agents.getLast()));
		assertThat(first.frame().method()).isEqualTo("look");
		assertThat(first.frame().traceparent()).isEqualTo("00-trace");
		assertThat(first.frame().ttlMillis()).isEqualTo(60_000);
		assertThat(first.frame().payload()).isSameAs(second.frame().payload());
		assertThat(first.id()).isNotEqualTo(second.id());
	}

	@Test
	void shouldKeepNoMoreThanTheWindowInFlight() {
		List<AgentId> agents = addAll(10, 1);
		start(request(3, null, agents));
		for (AgentId agent : agents) {
			assertThat(this.fleet.nodes.inFlight()).isBetween(1, 3);
			this.fleet.nodes.complete(agent);
		}
		assertThat(summary().count(Outcome.COMPLETED)).isEqualTo(10);
	}

	@Test
	void shouldGoOnAfterAllOfTheFirstWindowHaveFailed() {
		List<AgentId> agents = addAll(6, 1);
		start(request(3, null, agents));
		List.copyOf(this.fleet.nodes.called)
			.forEach((agent) -> this.fleet.nodes.answer(agent, new Answer.Rejected("no", "no", null)));
		assertThat(this.fleet.nodes.inFlight()).isEqualTo(3);
		agents.subList(3, 6).forEach(this.fleet.nodes::complete);
		assertThat(summary().count(Outcome.COMPLETED)).isEqualTo(3);
	}

	@Test
	void shouldCancelWhatIsInFlightAndNotBeginTheRestAfterSoManyFailures() {
		List<AgentId> agents = addAll(6, 1);
		start(request(3, 2L, agents));
		this.fleet.nodes.answer(agents.get(0), new Answer.Rejected("no", "no", null));
		this.fleet.nodes.complete(agents.get(1));
		assertThat(this.report.summary).isNull();
		this.fleet.nodes.fail(agents.get(2), new ForwardException(ForwardException.Reason.LOST));
		assertThat(this.report.problem(agents.get(3))).isEqualTo(Problem.CALL_CANCELLED);
		assertThat(this.report.with(Outcome.CANCELLED)).containsExactlyInAnyOrder(agents.get(3), agents.get(4));
		assertThat(this.fleet.nodes.cancelled).containsExactlyInAnyOrder(agents.get(3), agents.get(4));
		assertThat(this.report.with(Outcome.NOT_SENT)).containsExactly(agents.get(5));
		assertThat(((FleetResult.Failed) this.report.of(agents.get(5))).id()).isNull();
		assertThat(calls("stopped")).isOne();
	}

	@Test
	void shouldCountAgentsThatCannotBeReachedAsFailures() {
		AgentId offline = this.fleet.nodes.addOffline("offline");
		AgentId unknown = new AgentId("acme", "unknown");
		AgentId there = add("there");
		start(request(3, 2L, offline, unknown, there));
		assertThat(this.report.outcome(there)).isIn(Outcome.CANCELLED, Outcome.NOT_SENT);
		assertThat(calls("stopped")).isOne();
	}

	@Test
	void shouldEndInTimeAlthoughAgentsNeverAnswer() {
		List<AgentId> agents = addAll(5, 1);
		start(request(3, null, agents));
		this.fleet.nodes.complete(agents.getFirst());
		this.fleet.clock.advanceTimeBy(MINUTE);
		assertThat(this.report.with(Outcome.NOT_SENT)).containsExactly(agents.getLast());
		assertThat(this.report.problem(agents.getLast())).isEqualTo(Problem.DEADLINE_EXCEEDED);
		assertThat(this.report.summary).isNull();
		this.fleet.clock.advanceTimeBy(Duration.ofMillis(500));
		assertThat(this.report.with(Outcome.UNKNOWN)).containsExactlyInAnyOrderElementsOf(agents.subList(1, 4));
		assertThat(this.report.problem(agents.get(1))).isEqualTo(Problem.DEADLINE_EXCEEDED);
		assertThat(this.fleet.nodes.cancelled).hasSize(3);
		assertThat(summary().millis()).isEqualTo(60_500);
		assertThat(calls("deadline")).isOne();
	}

	@Test
	void shouldTakeTheOwnEndOfACallWhoseTimeIsUp() {
		AgentId agent = add("slow");
		start(request(3, null, agent));
		this.fleet.clock.advanceTimeBy(MINUTE);
		this.fleet.nodes.fail(agent, new ConnectionException(ConnectionException.Reason.DEADLINE_UNSENT));
		assertThat(this.report.outcome(agent)).isEqualTo(Outcome.NOT_SENT);
		assertThat(summary().millis()).isEqualTo(60_000);
	}

	@Test
	void shouldReportAgentsThatAreNotFoundInTime() {
		AgentId agent = add("slow");
		this.fleet.nodes.lookUpAfter(Mono.never());
		start(request(3, null, agent));
		this.fleet.clock.advanceTimeBy(MINUTE);
		assertThat(this.report.problem(agent)).isEqualTo(Problem.DEADLINE_EXCEEDED);
		assertThat(this.report.outcome(agent)).isEqualTo(Outcome.NOT_SENT);
	}

	@Test
	void shouldBeginNothingWhileItsCallerHasNoRoom() {
		List<AgentId> agents = addAll(8, 1);
		this.report.room = 2;
		FleetRun run = start(request(3, null, agents));
		agents.subList(0, 2).forEach(this.fleet.nodes::complete);
		assertThat(this.fleet.nodes.inFlight()).isEqualTo(2);
		agents.subList(2, 4).forEach(this.fleet.nodes::complete);
		assertThat(this.report.results).hasSize(4);
		assertThat(this.fleet.nodes.inFlight()).isZero();
		this.report.room = 10;
		run.resume();
		assertThat(this.fleet.nodes.inFlight()).isEqualTo(3);
	}

	@Test
	void shouldReportWhatIsNotBegunOnlyAsItsCallerReads() {
		List<AgentId> agents = addAll(8, 1);
		FleetRun run = start(request(1, 1L, agents));
		this.report.room = 3;
		this.fleet.nodes.answer(agents.getFirst(), new Answer.Rejected("no", "no", null));
		assertThat(this.report.results).hasSize(3);
		this.report.room = 2;
		run.resume();
		assertThat(this.report.results).hasSize(5);
		assertThat(this.report.summary).isNull();
		this.report.room = 10;
		run.resume();
		assertThat(summary().count(Outcome.NOT_SENT)).isEqualTo(7);
	}

	@Test
	void shouldCancelAllAndReportNothingMoreForACallerThatHungUp() {
		List<AgentId> agents = addAll(5, 1);
		FleetRun run = start(request(2, null, agents));
		this.fleet.nodes.complete(agents.getFirst());
		run.cancel();
		assertThat(this.fleet.nodes.cancelled).containsExactlyInAnyOrder(agents.get(1), agents.get(2));
		assertThat(this.report.results).hasSize(1);
		assertThat(this.fleet.nodes.closed).isOne();
		run.cancel();
		run.resume();
		this.fleet.clock.advanceTimeBy(MINUTE.multipliedBy(2));
		assertThat(this.report.results).hasSize(1);
		assertThat(this.report.summary).isNull();
		assertThat(calls("cancelled")).isOne();
		assertThat(agents("cancelled")).isEqualTo(4);
		assertThat(gauge("switchboard.fleet.in.flight")).isZero();
		assertThat(gauge("switchboard.fleet.running")).isZero();
	}

	@Test
	void shouldNotLetANodeWithSilentAgentsHoldTheWindowOfOthers() {
		List<AgentId> silent = addAll(20, 1);
		List<AgentId> quick = IntStream.range(0, 20)
			.mapToObj((number) -> this.fleet.nodes.add("q" + number, 2))
			.toList();
		List<AgentId> all = new ArrayList<>(silent);
		all.addAll(quick);
		start(request(8, null, all));
		while (this.fleet.nodes.called.stream().anyMatch(this::isQuickAndWaits)) {
			List.copyOf(this.fleet.nodes.called)
				.stream()
				.filter(this::isQuickAndWaits)
				.forEach(this.fleet.nodes::complete);
		}
		assertThat(this.report.with(Outcome.COMPLETED)).containsExactlyInAnyOrderElementsOf(quick);
		assertThat(this.fleet.nodes.inFlight()).isEqualTo(8);
	}

	private boolean isQuickAndWaits(AgentId agent) {
		return agent.agent().startsWith("q") && !this.report.results.containsKey(agent);
	}

	@Test
	void shouldPushToManyAgents() {
		AgentId sent = add("sent");
		AgentId slow = add("slow");
		start(request(new FleetMessage.ToPush("note", Payload.TRUE), 10, null, List.of(sent, slow)));
		Push push = (Push) Objects.requireNonNull(this.fleet.nodes.verbs.get(sent));
		this.fleet.nodes.sent(sent);
		this.fleet.nodes.fail(slow, new ConnectionException(ConnectionException.Reason.TOO_SLOW));
		assertThat(this.report.of(sent)).isEqualTo(new FleetResult.Sent(push.frame().id()));
		assertThat(this.report.problem(slow)).isEqualTo(Problem.UNAVAILABLE);
		assertThat(summary().count(Outcome.COMPLETED)).isOne();
		assertThat(this.fleet.meters.get("switchboard.fleet.agents")
			.tags("kind", "push", "outcome", "sent")
			.counter()
			.count()).isOne();
	}

	@Test
	void shouldEndAtOnceWithoutAgents() {
		start(request(10, null));
		assertThat(this.report.agents).isZero();
		assertThat(summary().agents()).isZero();
	}

	@Test
	void shouldCallAgentsThatASelectorSelectsPageByPage() {
		IntStream.range(1000, 3100).forEach((number) -> this.fleet.selected.add(add("s" + number)));
		start(new FleetRequest(new FleetTargets.Selected("acme", Selector.ALL), CALL, 10, null, MINUTE));
		assertThat(this.report.agents).isEqualTo(2100);
		assertThat(this.fleet.pages).isEqualTo(3);
		assertThat(this.fleet.nodes.inFlight()).isEqualTo(10);
	}

	@Test
	void shouldRefuseASelectorThatSelectsTooManyAgents() {
		IntStream.range(1000, 3600).forEach((number) -> this.fleet.selected.add(add("s" + number)));
		FleetRequest request = new FleetRequest(new FleetTargets.Selected("acme", Selector.ALL), CALL, 10, null,
				MINUTE);
		for (int i = 0; i < 5; i++) {
			assertProblem(request, Problem.INVALID_REQUEST, "2500");
		}
	}

	@Test
	void shouldSayThatTheDirectoryIsDown() {
		this.fleet.down = new DatabaseUnavailableException("planted", null);
		FleetRequest request = new FleetRequest(new FleetTargets.Selected("acme", Selector.ALL), CALL, 10, null,
				MINUTE);
		for (int i = 0; i < 5; i++) {
			assertProblem(request, Problem.UNAVAILABLE, "directory");
		}
	}

	@Test
	void shouldRefuseMoreFleetCallsThanMayRun() {
		AgentId agent = add("one");
		FleetRun first = open(request(1, null, agent));
		FleetRun second = open(request(1, null, agent));
		assertProblem(request(1, null, agent), Problem.TOO_MANY_REQUESTS, "2 fleet calls");
		assertThat(this.fleet.meters.get("switchboard.fleet.refused").counter().count()).isOne();
		first.cancel();
		second.start(this.report);
		this.fleet.nodes.complete(agent);
		open(request(1, null, agent));
		open(request(1, null, agent));
		assertProblem(request(1, null, agent), Problem.TOO_MANY_REQUESTS, "max-running");
	}

	@Test
	void shouldWaitForItsTurnWhileAllFleetCallsHaveAsManyInFlightAsTheyMay() {
		TestFleetCalls two = new TestFleetCalls(2);
		AgentId first = two.nodes.add("first", 1);
		AgentId second = two.nodes.add("second", 1);
		AgentId third = two.nodes.add("third", 1);
		FleetRun full = open(two, request(10, null, first, second));
		full.start(this.report);
		FleetRun waiting = open(two, request(10, null, third));
		RecordedFleet other = new RecordedFleet();
		waiting.start(other);
		assertThat(two.nodes.called).containsExactly(first, second);
		two.nodes.complete(first);
		assertThat(two.nodes.called).containsExactly(first, second, third);
		two.nodes.complete(third);
		assertThat(other.summary).isNotNull();
	}

	@Test
	void shouldLeaveItsTurnToOthersOnceItHasEnded() {
		TestFleetCalls one = new TestFleetCalls(1);
		List<AgentId> agents = IntStream.range(0, 3).mapToObj((number) -> one.nodes.add("a" + number, 1)).toList();
		FleetRun full = open(one, request(10, null, agents.get(0), agents.get(1)));
		full.start(this.report);
		RecordedFleet other = new RecordedFleet();
		open(one, request(10, null, agents.get(2))).start(other);
		full.cancel();
		assertThat(one.nodes.called).containsExactly(agents.get(0), agents.get(2));
	}

	@Test
	void shouldWaitWhileTheNodeIsOverloaded() {
		AgentId agent = add("one");
		this.fleet.admission = () -> false;
		start(request(10, null, agent));
		this.fleet.clock.advanceTimeBy(Duration.ofSeconds(10));
		assertThat(this.fleet.nodes.called).isEmpty();
		assertThat(gauge("switchboard.fleet.in.flight")).isZero();
		this.fleet.admission = () -> true;
		this.fleet.clock.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(this.fleet.nodes.called).containsExactly(agent);
		assertThat(((Call) this.fleet.nodes.verbs.values().iterator().next()).frame().ttlMillis()).isLessThan(50_000);
	}

	@Test
	void shouldWaitForTheRateOfItsTenant() {
		List<AgentId> agents = addAll(5, 1);
		this.fleet.quotas.set(agents.getFirst().tenant(), Map.of(Quota.CALLS_PER_SECOND, 2L));
		start(request(10, null, agents));
		assertThat(this.fleet.nodes.called).hasSize(2);
		this.fleet.clock.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(this.fleet.nodes.called).hasSize(4);
		this.fleet.clock.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(this.fleet.nodes.called).hasSize(5);
	}

	@Test
	void shouldWaitForTheBytesOfItsTenant() {
		List<AgentId> agents = addAll(3, 1);
		this.fleet.quotas.set(agents.getFirst().tenant(), Map.of(Quota.BYTES_PER_SECOND, (long) CALL.bytes()));
		start(request(10, null, agents));
		assertThat(this.fleet.nodes.called).hasSize(1);
		this.fleet.clock.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(this.fleet.nodes.called).hasSize(2);
		this.fleet.clock.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(this.fleet.nodes.called).hasSize(3);
	}

	@Test
	void shouldTakePlacesOfItsTenantAndGiveThemBack() {
		List<AgentId> agents = addAll(5, 1);
		String tenant = agents.getFirst().tenant();
		this.fleet.quotas.set(tenant, Map.of(Quota.CALLS_IN_FLIGHT, 3L));
		FleetRun run = start(request(10, null, agents));
		this.fleet.clock.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(this.fleet.nodes.called).hasSize(3);
		Occupancy places = this.fleet.limits.places(Quota.CALLS_IN_FLIGHT, tenant);
		assertThat(places.tryEnter()).isFalse();
		run.cancel();
		assertThat(IntStream.range(0, 5).filter((_) -> places.tryEnter()).count()).isEqualTo(3);
	}

	private AgentId add(String name) {
		return this.fleet.nodes.add(name, 1);
	}

	private List<AgentId> addAll(int count, int node) {
		return IntStream.range(0, count).mapToObj((number) -> this.fleet.nodes.add("a" + number, node)).toList();
	}

	private static FleetRequest request(int window, @Nullable Long stopAfter, AgentId... agents) {
		return request(window, stopAfter, List.of(agents));
	}

	private static FleetRequest request(int window, @Nullable Long stopAfter, List<AgentId> agents) {
		return request(CALL, window, stopAfter, agents);
	}

	private static FleetRequest request(FleetMessage message, int window, @Nullable Long stopAfter,
			List<AgentId> agents) {
		return new FleetRequest(new FleetTargets.Named(agents), message, window, stopAfter, MINUTE);
	}

	private FleetRun open(FleetRequest request) {
		return open(this.fleet, request);
	}

	private static FleetRun open(TestFleetCalls fleet, FleetRequest request) {
		return Objects.requireNonNull(fleet.fleetCalls.open(request).block(Duration.ofSeconds(30)));
	}

	private FleetRun start(FleetRequest request) {
		FleetRun run = open(request);
		run.start(this.report);
		return run;
	}

	private void assertProblem(FleetRequest request, Problem problem, String detail) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> open(request))
			.withMessageContaining(detail)
			.extracting(ProblemException::problem)
			.isEqualTo(problem);
	}

	private FleetSummary summary() {
		return Objects.requireNonNull(this.report.summary, "not finished");
	}

	private double agents(String outcome) {
		return this.fleet.meters.get("switchboard.fleet.agents").tag("outcome", outcome).counter().count();
	}

	private double calls(String result) {
		return this.fleet.meters.get("switchboard.fleet.calls").tag("result", result).timer().count();
	}

	private double gauge(String name) {
		return this.fleet.meters.get(name).gauge().value();
	}

}

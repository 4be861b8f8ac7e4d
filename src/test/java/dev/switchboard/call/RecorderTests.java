package dev.switchboard.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.switchboard.connection.Answer;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.time.TimeSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RecorderTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop");

	private static final Payload BODY = Payload.parse("{\"method\":\"m\"}");

	private final ScriptedStore store = new ScriptedStore();

	private final Sinks.One<Answer> agent = Sinks.one();

	private final List<CallId> run = new ArrayList<>();

	private final Recorder recorder = new Recorder((request) -> Mono.defer(() -> {
		this.run.add(request.id());
		return this.agent.asMono();
	}), this.store, new CallFinder(this.store, (_, _) -> Mono.empty(), new ScriptedForwarder(), ScriptedStore.SELF),
			new HeldCalls(ByteBudget.unlimited()), new KeptOutcomes(ByteBudget.unlimited(), false, TimeSource.SYSTEM));

	private VirtualTimeScheduler time;

	@BeforeEach
	void takeTime() {
		this.time = VirtualTimeScheduler.getOrSet();
	}

	@AfterEach
	void giveTimeBack() {
		VirtualTimeScheduler.reset();
	}

	@Test
	void shouldStartACallWithoutAKeyAtOnce() {
		CallRequest request = TestCalls.request(AGENT, null, BODY);
		RecordedCall call = get(start(request));
		assertThat(call.id()).isEqualTo(request.id());
		assertThat(call.ended()).isEmpty();
		assertThat(this.run).containsExactly(request.id());
	}

	@Test
	void shouldStartNothingBeforeSubscription() {
		assertThat(start(TestCalls.request(AGENT, null, BODY))).isNotNull();
		assertThat(this.run).isEmpty();
		assertThat(this.store.asked).isEmpty();
	}

	@Test
	void shouldKnowACallBeforeItIsRecorded() {
		CallRequest request = TestCalls.request(AGENT, "k", BODY);
		start(request).subscribe();
		assertThat(get(this.recorder.find("acme", request.id())).id()).isEqualTo(request.id());
		assertThat(this.run).isEmpty();
	}

	@Test
	void shouldGoOnWithoutItsCaller() {
		CallRequest request = TestCalls.request(AGENT, "k", BODY);
		start(request).subscribe().dispose();
		record(request);
		assertThat(this.run).containsExactly(request.id());
		this.agent.tryEmitValue(new Answer.Completed(Payload.NULL));
		assertThat(this.store.asked).containsExactly("begin", "end completed for PT24H");
	}

	@Test
	void shouldKeepTheOutcomeOfACallWithoutAKeyForFiveMinutes() {
		CallRequest request = TestCalls.request(AGENT, null, BODY);
		start(request).subscribe();
		record(request);
		this.agent.tryEmitValue(new Answer.Rejected("busy", "later", null));
		assertThat(this.store.asked).containsExactly("begin", "end rejected for PT5M");
	}

	@Test
	void shouldEndInTheProblemThatTheCallEndsIn() {
		RecordedCall call = get(start(TestCalls.request(AGENT, null, BODY)));
		this.agent.tryEmitError(new ProblemException(Problem.AGENT_DISCONNECTED, "Gone"));
		assertThat(call.ended()).map(CallOutcome::status).contains(502);
	}

	@Test
	void shouldEndWhenACallFailsUnexpectedly() {
		RecordedCall call = get(start(TestCalls.request(AGENT, null, BODY)));
		this.agent.tryEmitError(new IllegalStateException("planted"));
		assertThat(call.ended()).map(CallOutcome::status).contains(500);
	}

	@Test
	void shouldJoinTheRunningCallOfAKey() {
		CallRequest first = TestCalls.request(AGENT, "k", BODY);
		start(first).subscribe();
		record(first);
		RecordedCall second = get(start(TestCalls.request(AGENT, "k", BODY)));
		assertThat(second.id()).isEqualTo(first.id());
		assertThat(this.run).containsExactly(first.id());
	}

	@Test
	void shouldForgetACallThatJoinedAnother() {
		CallRequest first = TestCalls.request(AGENT, "k", BODY);
		start(first).subscribe();
		record(first);
		CallRequest second = TestCalls.request(AGENT, "k", BODY);
		start(second).subscribe();
		assertUnknown("acme", second.id());
	}

	@Test
	void shouldGiveTheOutcomeOfAnEndedCallOfTheKey() {
		CallRequest earlier = TestCalls.request(AGENT, "k", BODY);
		CallOutcome outcome = CallOutcome.of(earlier.id(), new Answer.Completed(Payload.NULL));
		this.store.begin.tryEmitValue(ScriptedStore.ended(recordOf(earlier), outcome));
		RecordedCall call = get(start(TestCalls.request(AGENT, "k", BODY)));
		assertThat(call.id()).isEqualTo(earlier.id());
		assertThat(get(call.outcome())).isEqualTo(outcome);
		assertThat(this.run).isEmpty();
	}

	@Test
	void shouldRefuseAKeyThatWasUsedWithAnotherBody() {
		record(TestCalls.request(AGENT, "k", BODY));
		assertProblem(start(TestCalls.request(AGENT, "k", Payload.parse("{ \"method\":\"m\"}"))),
				Problem.IDEMPOTENCY_MISMATCH);
		assertThat(this.run).isEmpty();
	}

	@Test
	void shouldBeUnavailableIfTheDirectoryDoesNotRecordTheKey() {
		this.store.begin.tryEmitError(new DatabaseUnavailableException("away", new IllegalStateException()));
		assertProblem(start(TestCalls.request(AGENT, "k", BODY)), Problem.UNAVAILABLE);
		assertThat(this.run).isEmpty();
	}

	@Test
	void shouldBeUnavailableToWhoeverJoinsACallThatWasGivenUp() {
		CallRequest first = TestCalls.request(AGENT, "k", BODY);
		start(first).subscribe((_) -> {
		}, (_) -> {
		});
		this.time.advanceTimeBy(Duration.ofSeconds(1));
		record(first);
		RecordedCall joined = get(start(TestCalls.request(AGENT, "k", BODY)));
		assertThat(joined.ended()).map(CallOutcome::outcome).contains(Outcome.NOT_SENT);
		assertThat(this.run).isEmpty();
	}

	@Test
	void shouldFindARunningCallOfItsTenantOnly() {
		CallRequest request = TestCalls.request(AGENT, null, BODY);
		start(request).subscribe();
		assertThat(get(this.recorder.find("acme", request.id())).id()).isEqualTo(request.id());
		assertUnknown("other", request.id());
	}

	@Test
	void shouldFindACallInTheDirectoryOnceItIsForgotten() {
		CallRequest request = TestCalls.request(AGENT, null, BODY);
		start(request).subscribe();
		record(request);
		this.agent.tryEmitValue(new Answer.Completed(Payload.NULL));
		this.store.end.tryEmitValue(true);
		assertUnknown("acme", request.id());
		CallOutcome outcome = CallOutcome.of(request.id(), new Answer.Completed(Payload.NULL));
		this.store.found.put(request.id(), List.of(ScriptedStore.ended(recordOf(request), outcome)));
		assertThat(get(this.recorder.find("acme", request.id())).ended()).contains(outcome);
	}

	@Test
	void shouldBeUnavailableWhileTheDirectoryThatHasTheCallIsAway() {
		this.store.otherwise = Mono.error(new DatabaseUnavailableException("away", new IllegalStateException()));
		assertProblem(this.recorder.find("acme", TestIds.call()), Problem.UNAVAILABLE);
	}

	@Test
	void shouldTellAnotherNodeTheOutcome() {
		CallRequest request = TestCalls.request(AGENT, null, BODY);
		start(request).subscribe();
		Mono<Payload> outcome = this.recorder.outcome(request.id()).cache();
		outcome.subscribe();
		this.agent.tryEmitValue(new Answer.Completed(Payload.NULL));
		assertThat(get(outcome).text()).contains("completed");
	}

	@Test
	void shouldCancelForAnotherNode() {
		CallRequest request = TestCalls.request(AGENT, null, BODY);
		start(request).subscribe();
		assertThat(get(this.recorder.cancel(request.id())).text()).contains("cancelled");
	}

	@Test
	void shouldTellAnotherNodeThatItDoesNotRunACall() {
		assertThat(this.recorder.outcome(TestIds.call()).blockOptional()).isEmpty();
		assertThat(this.recorder.cancel(TestIds.call()).blockOptional()).isEmpty();
	}

	private Mono<RecordedCall> start(CallRequest request) {
		return this.recorder.start(request);
	}

	private void record(CallRequest request) {
		this.store.begin.tryEmitValue(recordOf(request));
	}

	private static StoredCall recordOf(CallRequest request) {
		return ScriptedStore.pending(Recorder.newCall(request), ScriptedStore.SELF);
	}

	private static <T> T get(Mono<T> value) {
		return Objects.requireNonNull(value.block());
	}

	private void assertUnknown(String tenant, CallId id) {
		assertProblem(this.recorder.find(tenant, id), Problem.CALL_UNKNOWN);
	}

	private static void assertProblem(Mono<?> call, Problem problem) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(call::block)
			.extracting(ProblemException::problem)
			.isEqualTo(problem);
	}

}

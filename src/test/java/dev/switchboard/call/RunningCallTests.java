package dev.switchboard.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import dev.switchboard.call.RunningCall.State;
import dev.switchboard.connection.Answer;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.database.Sha256;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RunningCallTests {

	private static final CallId ID = CallId.parse("00000000-0000-4000-8000-000000000001");

	private static final CallId EARLIER = CallId.parse("00000000-0000-4000-8000-000000000002");

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private static final Duration KEEP_UNKEYED = Duration.ofHours(24);

	private static final CallOutcome COMPLETED = CallOutcome.of(ID, new Answer.Completed(Payload.NULL));

	private static final CallOutcome UNSENT = CallOutcome.of(ID, ProblemException.offline(null));

	private static final String SETTLE = "settle not_sent for PT5M";

	private final ScriptedStore store = new ScriptedStore();

	private final Sinks.One<CallOutcome> agent = Sinks.one();

	private final AtomicInteger runs = new AtomicInteger();

	private final AtomicInteger cancels = new AtomicInteger();

	private final Mono<CallOutcome> run = this.agent.asMono()
		.doOnSubscribe((_) -> this.runs.incrementAndGet())
		.doOnCancel(this.cancels::incrementAndGet);

	private VirtualTimeScheduler time;

	private boolean forgotten;

	@BeforeEach
	void takeTime() {
		this.time = VirtualTimeScheduler.getOrSet();
	}

	@AfterEach
	void giveTimeBack() {
		VirtualTimeScheduler.reset();
	}

	private static NewCall newCall(CallId id, @Nullable String key) {
		return new NewCall(id, new AgentId("acme", "laptop"), "alice", key, Sha256.of(new byte[0]), KEEP_UNKEYED);
	}

	private RunningCall started(@Nullable String key) {
		RunningCall call = new RunningCall(newCall(ID, key), KEEP_UNKEYED, this.store, PATIENCE,
				UnaryOperator.identity());
		call.live(this.run).subscribe(null, null, () -> this.forgotten = true);
		return call;
	}

	private void record(CallId holder) {
		this.store.begin.tryEmitValue(ScriptedStore.pending(newCall(holder, "k"), ScriptedStore.SELF));
	}

	private static Outcome outcome(RunningCall call) {
		return call.ended().orElseThrow().outcome();
	}

	private static <T> T get(Mono<T> value) {
		return Objects.requireNonNull(value.block());
	}

	private static DatabaseUnavailableException away() {
		return new DatabaseUnavailableException("away", new IllegalStateException());
	}

	@Test
	void shouldNotRunACallWithAKeyBeforeItIsRecorded() {
		RunningCall call = started("k");
		assertThat(call.state()).isEqualTo(State.RECORDING);
		assertThat(this.store.asked).containsExactly("begin");
		assertThat(this.runs).hasValue(0);
		record(ID);
		assertThat(call.state()).isEqualTo(State.RUNNING);
		assertThat(this.runs).hasValue(1);
		assertThat(call.ended()).isEmpty();
	}

	@Test
	void shouldBeForgottenOnceTheDirectoryHasTheOutcome() {
		RunningCall call = started("k");
		record(ID);
		this.agent.tryEmitValue(COMPLETED);
		assertThat(call.state()).isEqualTo(State.STORING);
		assertThat(outcome(call)).isEqualTo(Outcome.COMPLETED);
		assertThat(this.store.asked).containsExactly("begin", "end completed for PT24H");
		assertThat(this.forgotten).isFalse();
		this.store.end.tryEmitValue(true);
		assertThat(this.forgotten).isTrue();
	}

	@Test
	void shouldStayForAWhileIfTheDirectoryDoesNotHaveTheOutcome() {
		RunningCall call = started("k");
		record(ID);
		this.agent.tryEmitValue(COMPLETED);
		this.store.end.tryEmitValue(false);
		assertThat(call.state()).isEqualTo(State.KEPT);
		this.time.advanceTimeBy(RunningCall.KEEP_UNKEYED.minusMillis(1));
		assertThat(this.forgotten).isFalse();
		this.time.advanceTimeBy(Duration.ofMillis(1));
		assertThat(this.forgotten).isTrue();
	}

	@Test
	void shouldStayForAWhileIfTheDirectoryStaysAway() {
		RunningCall call = started("k");
		record(ID);
		this.agent.tryEmitValue(COMPLETED);
		this.store.end.tryEmitError(away());
		assertThat(call.state()).isEqualTo(State.KEPT);
		this.time.advanceTimeBy(RunningCall.KEEP_UNKEYED);
		assertThat(this.forgotten).isTrue();
	}

	@Test
	void shouldFreeTheKeyOfACallThatWasNotSent() {
		RunningCall call = started("k");
		record(ID);
		this.agent.tryEmitValue(UNSENT);
		assertThat(outcome(call)).isEqualTo(Outcome.NOT_SENT);
		assertThat(this.store.asked).containsExactly("begin", SETTLE);
		assertThat(this.forgotten).isFalse();
		this.store.settle.tryEmitEmpty();
		assertThat(this.forgotten).isTrue();
	}

	@Test
	void shouldTellThatACallWasNotSentWhenItsKeyIsFree() {
		RunningCall call = started("k");
		record(ID);
		List<CallOutcome> told = new ArrayList<>();
		call.outcome().subscribe(told::add);
		this.agent.tryEmitValue(UNSENT);
		assertThat(told).isEmpty();
		this.store.settle.tryEmitEmpty();
		assertThat(told).containsExactly(UNSENT);
	}

	@Test
	void shouldTellThatACallWasNotSentWhileASlowDirectoryFreesItsKey() {
		RunningCall call = started("k");
		record(ID);
		this.agent.tryEmitValue(UNSENT);
		List<CallOutcome> told = new ArrayList<>();
		call.outcome().subscribe(told::add);
		this.time.advanceTimeBy(PATIENCE.minusMillis(1));
		assertThat(told).isEmpty();
		this.time.advanceTimeBy(Duration.ofMillis(1));
		assertThat(told).containsExactly(UNSENT);
		assertThat(call.state()).isEqualTo(State.STORING);
		this.store.settle.tryEmitEmpty();
		assertThat(this.forgotten).isTrue();
	}

	@Test
	void shouldTellThatACallWasNotSentWhenTheDirectoryDoesNotRecordIt() {
		RunningCall call = started("k");
		List<CallOutcome> told = new ArrayList<>();
		call.outcome().subscribe(told::add);
		this.time.advanceTimeBy(PATIENCE);
		assertThat(told).extracting(CallOutcome::outcome).containsExactly(Outcome.NOT_SENT);
	}

	@Test
	void shouldStoreThatACallWithoutAKeyWasNotSent() {
		started(null);
		record(ID);
		this.agent.tryEmitValue(UNSENT);
		assertThat(this.store.asked).containsExactly("begin", "end not_sent for PT24H");
	}

	@Test
	void shouldNotRunIfAnEarlierCallHasTheKey() {
		RunningCall call = started("k");
		record(EARLIER);
		assertThat(this.runs).hasValue(0);
		assertThat(this.store.asked).containsExactly("begin");
		assertThat(this.forgotten).isTrue();
		assertThat(get(call.recorded()).id()).isEqualTo(EARLIER);
	}

	@Test
	void shouldEndUnsentIfTheDirectoryDoesNotRecordTheKeyInTime() {
		RunningCall call = started("k");
		this.time.advanceTimeBy(PATIENCE);
		assertThat(outcome(call)).isEqualTo(Outcome.NOT_SENT);
		assertThat(call.ended().orElseThrow().status()).isEqualTo(503);
		assertThatExceptionOfType(DatabaseUnavailableException.class).isThrownBy(() -> call.recorded().block());
		assertThat(this.runs).hasValue(0);
	}

	@Test
	void shouldFreeTheKeyOnlyWhenTheDirectoryCannotRecordItAnyMore() {
		RunningCall call = started("k");
		this.time.advanceTimeBy(PATIENCE);
		assertThat(call.state()).isEqualTo(State.STORING);
		assertThat(this.store.asked).containsExactly("begin");
		record(ID);
		assertThat(this.store.asked).containsExactly("begin", SETTLE);
		assertThat(this.forgotten).isFalse();
		this.store.settle.tryEmitEmpty();
		assertThat(this.forgotten).isTrue();
		assertThat(this.runs).hasValue(0);
	}

	@Test
	void shouldFreeTheKeyWhenRecordingFailedAfterItWasSent() {
		started("k");
		this.store.begin.tryEmitError(away());
		assertThat(this.store.asked).containsExactly("begin", SETTLE);
		this.store.settle.tryEmitError(away());
		assertThat(this.forgotten).isTrue();
	}

	@Test
	void shouldSettleACallWithoutAKeyThatMayBeRecordedLater() {
		started(null);
		this.store.begin.tryEmitError(away());
		this.agent.tryEmitValue(COMPLETED);
		assertThat(this.store.asked).containsExactly("begin", "settle completed for PT5M");
	}

	@Test
	void shouldSettleACallThatIsCancelledAndNotRecordedInTime() {
		RunningCall call = started("k");
		call.cancel().subscribe();
		this.store.begin.tryEmitError(away());
		assertThat(this.store.asked).containsExactly("begin", "settle cancelled for PT5M");
	}

	@Test
	void shouldRunACallWithoutAKeyWhileItIsRecorded() {
		RunningCall call = started(null);
		assertThat(call.state()).isEqualTo(State.RUNNING);
		assertThat(this.store.asked).containsExactly("begin");
		assertThat(this.runs).hasValue(1);
	}

	@Test
	void shouldStoreTheOutcomeOfACallWithoutAKeyAfterItsRecord() {
		RunningCall call = started(null);
		this.agent.tryEmitValue(COMPLETED);
		assertThat(outcome(call)).isEqualTo(Outcome.COMPLETED);
		assertThat(this.store.asked).containsExactly("begin");
		record(ID);
		assertThat(this.store.asked).containsExactly("begin", "end completed for PT24H");
		this.store.end.tryEmitValue(true);
		assertThat(this.forgotten).isTrue();
	}

	@Test
	void shouldRunACallWithoutAKeyWhileTheDirectoryIsAway() {
		RunningCall call = started(null);
		this.store.begin.tryEmitError(away());
		assertThat(call.state()).isEqualTo(State.RUNNING);
		this.agent.tryEmitValue(COMPLETED);
		this.store.settle.tryEmitError(away());
		assertThat(call.state()).isEqualTo(State.KEPT);
		assertThat(outcome(call)).isEqualTo(Outcome.COMPLETED);
	}

	@Test
	void shouldCancelTheAgentsCall() {
		RunningCall call = started("k");
		record(ID);
		assertThat(get(call.cancel()).outcome()).isEqualTo(Outcome.CANCELLED);
		assertThat(this.cancels).hasValue(1);
		assertThat(call.state()).isEqualTo(State.STORING);
		assertThat(this.store.asked).containsExactly("begin", "end cancelled for PT24H");
	}

	@Test
	void shouldNotRunACallThatIsCancelledWhileItIsRecorded() {
		RunningCall call = started("k");
		assertThat(get(call.cancel()).outcome()).isEqualTo(Outcome.CANCELLED);
		record(ID);
		assertThat(this.runs).hasValue(0);
		assertThat(this.store.asked).containsExactly("begin", "end cancelled for PT24H");
	}

	@Test
	void shouldKeepTheOutcomeOfACallThatIsCancelledTooLate() {
		RunningCall call = started("k");
		record(ID);
		this.agent.tryEmitValue(COMPLETED);
		assertThat(get(call.cancel())).isEqualTo(COMPLETED);
		assertThat(this.cancels).hasValue(0);
		assertThat(this.store.asked).containsExactly("begin", "end completed for PT24H");
	}

	@Test
	void shouldCancelOnce() {
		RunningCall call = started(null);
		CallOutcome first = get(call.cancel());
		assertThat(get(call.cancel())).isEqualTo(first);
		assertThat(this.cancels).hasValue(1);
	}

	@Test
	void shouldGiveEveryWaiterTheSameOutcome() {
		RunningCall call = started("k");
		Mono<CallOutcome> early = call.outcome().cache();
		early.subscribe();
		call.outcome().subscribe().dispose();
		record(ID);
		this.agent.tryEmitValue(COMPLETED);
		assertThat(get(early)).isEqualTo(COMPLETED);
		assertThat(get(call.outcome())).isEqualTo(COMPLETED);
	}

	@Test
	void shouldBelongToItsTenantOnly() {
		RunningCall call = started(null);
		assertThat(call.belongsTo("acme")).isTrue();
		assertThat(call.belongsTo("other")).isFalse();
	}

	@Test
	void shouldShowItsResource() {
		RunningCall call = started(null);
		assertThat(call.resource().text()).isEqualTo("{\"id\":\"" + ID + "\",\"outcome\":\"pending\"}");
		this.agent.tryEmitValue(COMPLETED);
		assertThat(call.resource()).isEqualTo(COMPLETED.resource());
	}

}

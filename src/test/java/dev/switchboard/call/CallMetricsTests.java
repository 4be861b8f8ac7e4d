package dev.switchboard.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.switchboard.connection.Answer;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.quota.KnownQuotas;
import dev.switchboard.quota.Quota;
import dev.switchboard.quota.Quotas;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.routing.Call;
import dev.switchboard.time.ManualTime;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.TestPublisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CallMetricsTests {

	private static final Call CALL = TestCalls.request(new AgentId("acme", "laptop"), null, Payload.NULL).call();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final List<EndedCall> ended = new ArrayList<>();

	private final ManualTime time = new ManualTime();

	private final KnownQuotas quotas = new KnownQuotas(Quotas.of((_) -> Long.MAX_VALUE));

	private final TenantLimits limits = new TenantLimits(this.quotas, this.time);

	private final CallMetrics metrics = new CallMetrics(this.meters, this.time, this.ended::add);

	private final Sinks.One<Answer> agent = Sinks.one();

	@Test
	void shouldMeasureACallFromItsSubscriptionToItsAnswer() {
		Mono<Answer> call = this.metrics.measure(CALL, this.agent.asMono(), this.limits);
		this.time.advance(Duration.ofSeconds(5));
		call.subscribe();
		this.time.advance(Duration.ofMillis(30));
		this.agent.tryEmitValue(new Answer.Completed(Payload.NULL));
		assertThat(timer("completed").count()).isEqualTo(1);
		assertThat(timer("completed").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(30);
	}

	@Test
	void shouldCountCallsInFlight() {
		this.metrics.measure(CALL, this.agent.asMono(), this.limits).subscribe();
		this.metrics.measure(CALL, this.agent.asMono(), this.limits).subscribe();
		assertThat(inFlight()).isEqualTo(2);
		this.agent.tryEmitValue(new Answer.Rejected("busy", "later", null));
		assertThat(inFlight()).isZero();
		assertThat(timer("rejected").count()).isEqualTo(2);
	}

	@Test
	void shouldCountAFailureByItsOutcome() {
		this.metrics.measure(CALL, Mono.error(ProblemException.offline(null)), this.limits)
			.onErrorComplete()
			.subscribe();
		this.metrics.measure(CALL, Mono.error(new IllegalStateException()), this.limits).onErrorComplete().subscribe();
		assertThat(timer("not_sent").count()).isEqualTo(1);
		assertThat(timer("unknown").count()).isEqualTo(1);
		assertThat(inFlight()).isZero();
		assertThat(this.meters.get("switchboard.problems").tag("problem", "agent-offline").counter().count()).isOne();
	}

	/** Netflix/concurrency-limits #81 and #139: places of calls that end badly. */
	@Test
	void shouldGiveThePlaceOfACallBackHoweverItEnds() {
		this.quotas.set("acme", Map.of(Quota.CALLS_IN_FLIGHT, 1L));
		this.metrics.measure(CALL, Mono.error(new IllegalStateException()), this.limits).onErrorComplete().subscribe();
		TestPublisher<Answer> cancelled = TestPublisher.create();
		this.metrics.measure(CALL, cancelled.mono(), this.limits).subscribe().dispose();
		cancelled.assertCancelled();
		this.metrics.measure(CALL, Mono.just(new Answer.Completed(Payload.NULL)), this.limits).subscribe();
		this.metrics.measure(CALL, this.agent.asMono(), this.limits).subscribe();
		assertThat(timer("unknown").count()).isOne();
		assertThat(timer("cancelled").count()).isOne();
		assertThat(timer("completed").count()).isOne();
		assertThat(inFlight()).isOne();
	}

	@Test
	void shouldRefuseACallBeyondTheQuotaWithoutRunningIt() {
		this.quotas.set("acme", Map.of(Quota.CALLS_IN_FLIGHT, 1L));
		this.metrics.measure(CALL, this.agent.asMono(), this.limits).subscribe();
		TestPublisher<Answer> second = TestPublisher.create();
		assertThatThrownBy(() -> this.metrics.measure(CALL, second.mono(), this.limits).block())
			.isInstanceOfSatisfying(ProblemException.class, (refusal) -> {
				assertThat(refusal.problem()).isEqualTo(Problem.TOO_MANY_REQUESTS);
				assertThat(refusal.outcome()).isEqualTo(Outcome.NOT_SENT);
				assertThat(refusal.detail()).contains("callsInFlight (1 ");
			});
		second.assertWasNotSubscribed();
		assertThat(inFlight()).isOne();
		assertThat(timer("not_sent").count()).isOne();
	}

	@Test
	void shouldHaveNoSeriesOfCallsThatHaveNotEnded() {
		assertThat(this.meters.find("switchboard.calls").timers())
			.extracting((timer) -> timer.getId().getTag("outcome"))
			.containsExactlyInAnyOrder("completed", "rejected", "not_sent", "unknown", "cancelled");
	}

	@Test
	void shouldCountACancellationAndPassItOn() {
		TestPublisher<Answer> call = TestPublisher.create();
		Disposable waiter = this.metrics.measure(CALL, call.mono(), this.limits).subscribe();
		waiter.dispose();
		call.assertCancelled();
		assertThat(timer("cancelled").count()).isEqualTo(1);
		assertThat(inFlight()).isZero();
	}

	@Test
	void shouldCountOnlyTheFirstEndOfACall() {
		this.metrics.measure(CALL, this.agent.asMono(), this.limits).takeUntilOther(Mono.never()).subscribe((_) -> {
		}).dispose();
		this.agent.tryEmitValue(new Answer.Completed(Payload.NULL));
		assertThat(timer("cancelled").count()).isEqualTo(1);
		assertThat(timer("completed").count()).isZero();
	}

	@Test
	void shouldNotifyOfEachCallThatHasEnded() {
		this.metrics.measure(CALL, Mono.error(ProblemException.offline(null)), this.limits)
			.onErrorComplete()
			.subscribe();
		this.metrics.measure(CALL, this.agent.asMono(), this.limits).subscribe();
		long begun = this.time.nanoTime();
		this.time.advance(Duration.ofMillis(30));
		this.agent.tryEmitValue(new Answer.Completed(Payload.NULL));
		assertThat(this.ended).containsExactly(
				new EndedCall(CALL.agent(), CALL.id(), "m", Outcome.NOT_SENT, Problem.AGENT_OFFLINE, begun, 0),
				new EndedCall(CALL.agent(), CALL.id(), "m", Outcome.COMPLETED, null, begun,
						Duration.ofMillis(30).toNanos()));
	}

	@Test
	void shouldKeepOnlyTheBeginningOfALongMethod() {
		assertThat(EndedCall.shortened("m".repeat(EndedCall.METHOD_LENGTH + 1))).hasSize(EndedCall.METHOD_LENGTH);
	}

	private double inFlight() {
		return this.meters.get("switchboard.calls.in.flight").gauge().value();
	}

	private Timer timer(String outcome) {
		return this.meters.get("switchboard.calls").tag("outcome", outcome).timer();
	}

}

package dev.switchboard.call;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import dev.switchboard.connection.Answer;
import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.problem.ProblemMetrics;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.quota.Occupancy;
import dev.switchboard.quota.Quota;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.routing.Call;
import dev.switchboard.time.LatencyBuckets;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Counts calls by their outcomes, and measures how long they take. */
final class CallMetrics {

	private final LongAdder inFlight = new LongAdder();

	private final Map<Outcome, Timer> calls = new EnumMap<>(Outcome.class);

	private final ProblemMetrics problems;

	private final TimeSource time;

	private final CallListener listener;

	/**
	 * @param listener is notified of each call that has ended
	 */
	CallMetrics(MeterRegistry registry, TimeSource time, CallListener listener) {
		this.time = time;
		this.listener = listener;
		Gauge.builder("switchboard.calls.in.flight", this.inFlight, LongAdder::sum)
			.description("Calls that wait, here, for an agent or its answer")
			.register(registry);
		this.problems = new ProblemMetrics(registry);
		for (Outcome outcome : EnumSet.complementOf(EnumSet.of(Outcome.PENDING))) {
			this.calls.put(outcome,
					Timer.builder("switchboard.calls")
						.description("Calls from their acceptance to their end, by outcome")
						.tag("outcome", outcome.text())
						.serviceLevelObjectives(LatencyBuckets.bounds())
						.register(registry));
		}
	}

	/**
	 * Returns the answer to a call, measured from the subscription on. The call takes a
	 * place for as long as it lasts, and its answer takes bytes.
	 * @param call the call, of which only the agent, the id and the method are kept
	 * @param limits limits the calls in flight and the bytes of each tenant
	 */
	Mono<Answer> measure(Call call, Mono<Answer> answer, TenantLimits limits) {
		return Mono.fromDirect((waiter) -> {
			String tenant = call.agent().tenant();
			Occupancy places = limits.places(Quota.CALLS_IN_FLIGHT, tenant);
			boolean entered = places.tryEnter();
			Mono<Answer> run = entered ? answer : Mono.error(limits.refusal(Quota.CALLS_IN_FLIGHT, tenant));
			run.subscribe(new Measurement(call, limits, entered ? places : null, Operators.toCoreSubscriber(waiter)));
		});
	}

	private static Outcome outcome(Answer answer) {
		return (answer instanceof Answer.Completed) ? Outcome.COMPLETED : Outcome.REJECTED;
	}

	private static Outcome outcome(Throwable error) {
		return (error instanceof ProblemException failure) ? failure.outcome() : Outcome.UNKNOWN;
	}

	/**
	 * Measures one call. One operator for all signals costs less than an operator for
	 * each.
	 */
	private final class Measurement implements CoreSubscriber<Answer>, Subscription {

		private final CoreSubscriber<? super Answer> waiter;

		private final long startNanos = CallMetrics.this.time.nanoTime();

		private @Nullable Subscription call;

		private boolean ended;

		private final AgentId agent;

		private final CallId id;

		private final String method;

		private final TenantLimits limits;

		private final @Nullable Occupancy place;

		// Keeps no reference to the call, whose payload may be big.
		Measurement(Call call, TenantLimits limits, @Nullable Occupancy place, CoreSubscriber<? super Answer> waiter) {
			this.limits = limits;
			this.place = place;
			this.agent = call.agent();
			this.id = call.id();
			this.method = EndedCall.shortened(call.frame().method());
			this.waiter = waiter;
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			this.call = subscription;
			CallMetrics.this.inFlight.increment();
			this.waiter.onSubscribe(this);
		}

		@Override
		public void onNext(Answer answer) {
			end(outcome(answer), null);
			this.limits.charge(Quota.BYTES_PER_SECOND, this.agent.tenant(), answer.bytes());
			this.waiter.onNext(answer);
		}

		@Override
		public void onError(Throwable error) {
			Problem problem = (error instanceof ProblemException failure) ? failure.problem() : null;
			if (end(outcome(error), problem) && problem != null) {
				CallMetrics.this.problems.count(problem);
			}
			this.waiter.onError(error);
		}

		@Override
		public void onComplete() {
			this.waiter.onComplete();
		}

		@Override
		public void request(long n) {
			Objects.requireNonNull(this.call).request(n);
		}

		@Override
		public void cancel() {
			end(Outcome.CANCELLED, null);
			Objects.requireNonNull(this.call).cancel();
		}

		@Override
		public Context currentContext() {
			return this.waiter.currentContext();
		}

		/**
		 * Records the end of the call. Only the first end counts: an answer and a
		 * cancellation may come at the same time.
		 * @return whether this is the first end
		 */
		private boolean end(Outcome outcome, @Nullable Problem problem) {
			synchronized (this) {
				if (this.ended) {
					return false;
				}
				this.ended = true;
			}
			long nanos = CallMetrics.this.time.nanoTime() - this.startNanos;
			CallMetrics.this.inFlight.decrement();
			if (this.place != null) {
				this.place.leave();
			}
			Objects.requireNonNull(CallMetrics.this.calls.get(outcome)).record(nanos, TimeUnit.NANOSECONDS);
			CallMetrics.this.listener
				.ended(new EndedCall(this.agent, this.id, this.method, outcome, problem, this.startNanos, nanos));
			return true;
		}

	}

}

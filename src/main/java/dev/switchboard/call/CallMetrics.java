package dev.switchboard.call;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.connection.Answer;
import dev.switchboard.protocol.Outcome;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

import org.springframework.stereotype.Component;

/** What becomes of calls, and how long they take. */
@Component
final class CallMetrics {

	private final AtomicInteger inFlight = new AtomicInteger();

	private final Map<Outcome, Timer> calls = new EnumMap<>(Outcome.class);

	CallMetrics(MeterRegistry registry) {
		Gauge.builder("switchboard.calls.in.flight", this.inFlight, AtomicInteger::get)
			.description("Calls that wait, here, for an agent or its answer")
			.register(registry);
		for (Outcome outcome : Outcome.values()) {
			this.calls.put(outcome,
					Timer.builder("switchboard.calls")
						.description("Calls from their acceptance to their end, by outcome")
						.tag("outcome", outcome.text())
						.publishPercentileHistogram()
						.register(registry));
		}
	}

	Mono<Answer> measure(Mono<Answer> call) {
		return Mono.defer(() -> {
			long start = System.nanoTime();
			this.inFlight.incrementAndGet();
			return call.doOnSuccess((answer) -> record(outcome(answer), start))
				.doOnError((error) -> record(outcome(error), start))
				.doFinally((signal) -> {
					this.inFlight.decrementAndGet();
					if (signal == SignalType.CANCEL) {
						record(Outcome.CANCELLED, start);
					}
				});
		});
	}

	private void record(Outcome outcome, long start) {
		Objects.requireNonNull(this.calls.get(outcome)).record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
	}

	private static Outcome outcome(Answer answer) {
		return (answer instanceof Answer.Completed) ? Outcome.COMPLETED : Outcome.REJECTED;
	}

	private static Outcome outcome(Throwable error) {
		return (error instanceof CallException failure) ? failure.outcome() : Outcome.UNKNOWN;
	}

}

package dev.switchboard.time;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

class TimeLimitTests {

	private static final Duration LIMIT = Duration.ofSeconds(1);

	private final Stoppable scheduler = new Stoppable();

	private final Sinks.One<String> answer = Sinks.one();

	/** Virtual time, in a process that can be stopped. */
	private static final class Stoppable implements Scheduler {

		private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

		private Duration stopped = Duration.ZERO;

		@Override
		public Disposable schedule(Runnable task) {
			return this.time.schedule(task);
		}

		@Override
		public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
			return this.time.schedule(task, delay, unit);
		}

		@Override
		public Worker createWorker() {
			return this.time.createWorker();
		}

		@Override
		public long now(TimeUnit unit) {
			return this.time.now(unit) + unit.convert(this.stopped);
		}

	}

	private String outcome() {
		StringBuilder outcome = new StringBuilder();
		this.answer.asMono()
			.timeout(TimeLimit.of(LIMIT, this.scheduler))
			.subscribe(outcome::append,
					(failure) -> outcome.append(failure instanceof TimeoutException ? "too late" : failure));
		this.scheduler.time.advanceTimeBy(LIMIT.minusNanos(1));
		assertThat(outcome).isEmpty();
		this.scheduler.time.advanceTimeBy(Duration.ofNanos(1));
		if (outcome.isEmpty()) {
			// The answer was in the socket when the process went on.
			this.answer.tryEmitValue("answered");
		}
		return outcome.toString();
	}

	@Test
	void shouldEndAtTheLimit() {
		assertThat(outcome()).isEqualTo("too late");
	}

	@Test
	void shouldEndAtTheLimitWhenTheThreadIsALittleLate() {
		this.scheduler.stopped = Duration.ZERO;
		this.scheduler.time.schedule(() -> this.scheduler.stopped = Attendance.USUAL, 1, TimeUnit.MILLISECONDS);
		assertThat(outcome()).isEqualTo("too late");
	}

	@Test
	void shouldReadWhatCameWhileTheProcessWasStopped() {
		this.scheduler.time.schedule(() -> this.scheduler.stopped = Duration.ofSeconds(6), 1, TimeUnit.MILLISECONDS);
		assertThat(outcome()).isEqualTo("answered");
	}

	@Test
	void shouldEndAfterTheReading() {
		this.scheduler.time.schedule(() -> this.scheduler.stopped = Duration.ofSeconds(6), 1, TimeUnit.MILLISECONDS);
		StringBuilder outcome = new StringBuilder();
		this.answer.asMono()
			.timeout(TimeLimit.of(LIMIT, this.scheduler))
			.subscribe(outcome::append, (_) -> outcome.append("too late"));
		this.scheduler.time.advanceTimeBy(LIMIT);
		assertThat(outcome).isEmpty();
		this.scheduler.time.advanceTimeBy(Attendance.READING);
		assertThat(outcome).hasToString("too late");
	}

}

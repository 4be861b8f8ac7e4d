package dev.switchboard.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

class PeriodicTests {

	private final AtomicInteger runs = new AtomicInteger();

	private final List<Throwable> failures = new ArrayList<>();

	private VirtualTimeScheduler time = VirtualTimeScheduler.create();

	@BeforeEach
	void stopTheClock() {
		this.time = VirtualTimeScheduler.getOrSet();
	}

	@AfterEach
	void letTheClockGo() {
		VirtualTimeScheduler.reset();
	}

	private Periodic every(Duration pause, Mono<?> work) {
		Periodic periodic = new Periodic(() -> pause, () -> work, this.failures::add);
		periodic.start();
		return periodic;
	}

	@Test
	void shouldPauseBeforeEachTime() {
		Periodic periodic = every(Duration.ofMinutes(1), Mono.fromRunnable(this.runs::incrementAndGet));

		this.time.advanceTimeBy(Duration.ofSeconds(59));
		assertThat(this.runs).hasValue(0);
		this.time.advanceTimeBy(Duration.ofSeconds(121));
		assertThat(this.runs).hasValue(3);
		periodic.dispose();
	}

	@Test
	void shouldGoOnAfterAFailure() {
		Periodic periodic = every(Duration.ofMinutes(1), Mono.defer(() -> {
			this.runs.incrementAndGet();
			return Mono.error(new IllegalStateException("away"));
		}));

		this.time.advanceTimeBy(Duration.ofMinutes(2));
		assertThat(this.runs).hasValue(2);
		assertThat(this.failures).hasSize(2);
		periodic.dispose();
	}

	@Test
	void shouldStopWhenItIsDisposed() {
		Periodic periodic = every(Duration.ofMinutes(1), Mono.fromRunnable(this.runs::incrementAndGet));

		periodic.dispose();
		this.time.advanceTimeBy(Duration.ofMinutes(5));
		assertThat(this.runs).hasValue(0);
	}

}

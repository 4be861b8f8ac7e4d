package dev.switchboard.overload;

import java.time.Duration;

import dev.switchboard.overload.LimitedLoop.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CallLimitTests {

	/** A second has room for as many calls. */
	private static final double CAPACITY = 10_000;

	private final LimitedLoop loop = new LimitedLoop();

	@Test
	void shouldTakeEveryCallThatThereIsTimeFor() {
		Result result = this.loop.run(Duration.ofSeconds(30), 0.95 * CAPACITY);
		assertThat(result.refused()).isZero();
		assertThat(this.loop.limit.isLimited()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(doubles = { 1.5, 2, 3 })
	void shouldKeepTheDelayShortWhenThereAreTooManyCalls(double load) {
		Result begin = this.loop.run(Duration.ofSeconds(5), load * CAPACITY);
		assertThat(begin.latestMillis()).isLessThan(1000);
		Result later = this.loop.run(Duration.ofSeconds(55), load * CAPACITY);
		assertThat(later.latestMillis()).isLessThan((double) LimitedLoop.MARK.toMillis());
		double timeForCalls = (1 - load * CAPACITY * this.loop.refusalMillis / 1000)
				/ (1 - this.loop.refusalMillis / this.loop.callMillis);
		assertThat(later.taken()).isGreaterThan(0.8 * timeForCalls * CAPACITY);
		assertThat(later.longestPauseMillis()).isZero();
	}

	@Test
	void shouldTakeAllCallsSoonAfterTheirNumberHasFallen() {
		this.loop.run(Duration.ofSeconds(30), 3 * CAPACITY);
		this.loop.run(Duration.ofSeconds(2), 0.1 * CAPACITY);
		assertThat(this.loop.limit.isLimited()).isFalse();
		assertThat(this.loop.run(Duration.ofSeconds(5), 0.9 * CAPACITY).refused()).isZero();
	}

	@Test
	void shouldTakeMoreCallsWhenTheyBecomeCheaper() {
		this.loop.callMillis = 1;
		double dear = this.loop.run(Duration.ofSeconds(30), CAPACITY).taken();
		this.loop.callMillis = 0.1;
		this.loop.run(Duration.ofSeconds(10), CAPACITY);
		assertThat(this.loop.run(Duration.ofSeconds(10), CAPACITY).taken()).isGreaterThan(5 * dear);
	}

	// Netflix/concurrency-limits#156
	@Test
	void shouldNotLimitCallsBecauseOfPausesOfTheProcess() {
		for (int i = 0; i < 20; i++) {
			this.loop.pause(Duration.ofMillis(600), CAPACITY / 3);
			Result after = this.loop.run(Duration.ofSeconds(3), CAPACITY / 3);
			assertThat(after.refused()).isZero();
		}
	}

	// agentmail-to/agentmail-mcp#43: a node that only refuses is of no use to anybody.
	@Test
	void shouldTakeSomeCallsEvenIfRefusalsAloneMakeItLate() {
		this.loop.refusalMillis = 0.05;
		Result result = this.loop.run(Duration.ofSeconds(60), 10 * CAPACITY);
		assertThat(result.taken()).isGreaterThan(0.02 * CAPACITY);
		assertThat(result.longestPauseMillis()).isPositive();
	}

	@Test
	void shouldNotLimitTheFewCallsOfAnEventLoopThatIsLateForAnotherReason() {
		this.loop.callMillis = 10;
		Result result = this.loop.run(Duration.ofSeconds(10), 0.9 * LimitedLoop.LEAST);
		for (int i = 0; i < 50; i++) {
			this.loop.pause(Duration.ofMillis(700), 0.9 * LimitedLoop.LEAST);
		}
		assertThat(result.refused()).isZero();
		assertThat(this.loop.limit.isLimited()).isFalse();
	}

	@Test
	void shouldNotPauseConnectionsWithoutNeed() {
		this.loop.run(Duration.ofSeconds(10), 0.9 * CAPACITY);
		assertThat(this.loop.limit.pauseNanos()).isZero();
	}

	@Test
	void shouldTakeTheFewestCallsWhileTheMemoryIsFull() {
		this.loop.run(Duration.ofSeconds(5), 0.5 * CAPACITY);
		this.loop.memoryFull = true;
		this.loop.run(LoopWatch.PERIOD.multipliedBy(2), 0.5 * CAPACITY);
		assertThat(this.loop.run(Duration.ofSeconds(10), 0.5 * CAPACITY).taken()).isBetween(0.9 * LimitedLoop.LEAST,
				1.1 * LimitedLoop.LEAST);
		this.loop.memoryFull = false;
		this.loop.run(Duration.ofSeconds(10), 0.5 * CAPACITY);
		assertThat(this.loop.run(Duration.ofSeconds(5), 0.5 * CAPACITY).refused()).isZero();
	}

	@Test
	void shouldCountTheRefusedCalls() {
		CallLimit limit = new CallLimit(Duration.ofMillis(100), 0);
		for (int i = 0; i < 2; i++) {
			assertThat(limit.tryTake()).isTrue();
			limit.tick(Duration.ofMillis(500).toNanos(), Duration.ofMillis(550).toNanos(), false);
		}
		while (limit.tryTake()) {
			assertThat(limit.isLimited()).isTrue();
		}
		limit.tryTake();
		assertThat(limit.tick(0, Duration.ofMillis(50).toNanos(), false)).isEqualTo(2);
		assertThat(limit.tick(0, Duration.ofMillis(50).toNanos(), false)).isZero();
	}

}

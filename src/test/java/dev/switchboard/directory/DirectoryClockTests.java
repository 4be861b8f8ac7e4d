package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class DirectoryClockTests {

	private static final long MAX_EPOCH = 1L << 53;

	private static final Instant THEN = Instant.parse("2031-01-01T00:00:00Z");

	private final DirectoryClock clock = new DirectoryClock();

	private void learn(Instant reading) {
		long now = System.nanoTime();
		this.clock.learn(DirectoryClock.micros(reading), now, now);
	}

	@Test
	void shouldBeTheMachinesClockAtFirst() {
		assertThat(Duration.between(this.clock.now(), Instant.now())).isLessThan(Duration.ofMinutes(1));
	}

	@Test
	void shouldGoOnFromTheLastReading() {
		learn(THEN);
		assertThat(this.clock.now()).isBetween(THEN, THEN.plus(Duration.ofMinutes(1)));
	}

	@Test
	void shouldTakeAReadingToBeOfTheMiddleOfItsRoundTrip() {
		long answered = System.nanoTime();
		long asked = answered - TimeUnit.MILLISECONDS.toNanos(800);
		this.clock.learn(DirectoryClock.micros(THEN), asked, answered);
		assertThat(this.clock.now()).isAfterOrEqualTo(THEN.plusMillis(400));
	}

	@Test
	void shouldNotLearnFromASlowAnswer() {
		learn(THEN);
		long answered = System.nanoTime();
		this.clock.learn(0, answered - TimeUnit.SECONDS.toNanos(10), answered);
		assertThat(this.clock.now()).isAfterOrEqualTo(THEN);
	}

	@Test
	void shouldGiveHigherEpochsEachTime() {
		List<Long> epochs = LongStream.range(0, 100_000).map((i) -> this.clock.nextEpoch()).boxed().toList();
		assertThat(epochs).isSorted().doesNotHaveDuplicates().allMatch((epoch) -> epoch < MAX_EPOCH);
	}

	@Test
	void shouldGiveEpochsOfTheDirectorysTime() {
		learn(THEN);
		assertThat(this.clock.nextEpoch()).isCloseTo(DirectoryClock.micros(THEN), within(TimeUnit.MINUTES.toMicros(1)));
	}

	@Test
	void shouldGiveHigherEpochsWhenTheClockStepsBack() {
		learn(THEN);
		long before = this.clock.nextEpoch();
		learn(THEN.minus(Duration.ofDays(1)));
		assertThat(this.clock.nextEpoch()).isGreaterThan(before);
	}

}

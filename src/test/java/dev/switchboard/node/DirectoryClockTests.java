package dev.switchboard.node;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;

import dev.switchboard.database.Sql;
import dev.switchboard.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DirectoryClockTests {

	private static final long MAX_EPOCH = 1L << 53;

	private static final Instant THEN = Instant.parse("2031-01-01T00:00:00Z");

	private final ManualTime time = new ManualTime();

	private final DirectoryClock clock = new DirectoryClock(this.time);

	/** Takes a reading whose answer took so long. */
	private void learn(Instant reading, Duration roundTrip) {
		long asked = this.time.nanoTime();
		this.time.advance(roundTrip);
		this.clock.learn(Sql.micros(reading), asked);
	}

	@Test
	void shouldBeTheMachinesClockAtFirst() {
		assertThat(this.clock.now()).isEqualTo(this.time.now());
		this.time.advance(Duration.ofMinutes(1));
		assertThat(this.clock.now()).isEqualTo(this.time.now());
	}

	@Test
	void shouldGoOnFromTheLastReading() {
		learn(THEN, Duration.ZERO);
		this.time.advance(Duration.ofMinutes(1));
		assertThat(this.clock.now()).isEqualTo(THEN.plus(Duration.ofMinutes(1)));
	}

	@Test
	void shouldTakeAReadingToBeOfTheMiddleOfItsRoundTrip() {
		learn(THEN, Duration.ofMillis(800));
		assertThat(this.clock.now()).isEqualTo(THEN.plusMillis(400));
	}

	@Test
	void shouldNotLearnFromASlowAnswer() {
		learn(THEN, Duration.ZERO);
		learn(Instant.EPOCH, Duration.ofSeconds(10));
		assertThat(this.clock.now()).isEqualTo(THEN.plusSeconds(10));
	}

	@Test
	void shouldLearnFromASlowAnswerAtFirst() {
		learn(THEN, Duration.ofSeconds(10));
		assertThat(this.clock.now()).isEqualTo(THEN.plusSeconds(5));
	}

	@Test
	void shouldGiveHigherEpochsEachTime() {
		List<Long> epochs = LongStream.range(0, 100_000).map((_) -> this.clock.nextEpoch()).boxed().toList();
		assertThat(epochs).isSorted().doesNotHaveDuplicates().allMatch((epoch) -> epoch < MAX_EPOCH);
	}

	@Test
	void shouldGiveEpochsOfTheDirectorysTime() {
		learn(THEN, Duration.ZERO);
		assertThat(this.clock.nextEpoch()).isEqualTo(Sql.micros(THEN)).isLessThan(MAX_EPOCH);
	}

	@Test
	void shouldGiveHigherEpochsWhenTheClockStepsBack() {
		learn(THEN, Duration.ZERO);
		long before = this.clock.nextEpoch();
		learn(THEN.minus(Duration.ofDays(1)), Duration.ZERO);
		assertThat(this.clock.nextEpoch()).isGreaterThan(before);
	}

}

package dev.switchboard.node;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;

import dev.switchboard.database.Sql;
import dev.switchboard.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
		this.clock.learn(new EpochTable.Reading(Sql.micros(reading), 0, 0), asked);
	}

	/**
	 * Starts a clock with a first reading.
	 * @param highest the highest stored epoch
	 * @param ago how long before the reading it was stored
	 */
	private DirectoryClock started(Instant reading, long highest, Duration ago) {
		DirectoryClock started = new DirectoryClock(this.time);
		started.learn(new EpochTable.Reading(Sql.micros(reading), highest, Sql.micros(reading.minus(ago))),
				this.time.nanoTime());
		return started;
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

	@ParameterizedTest
	@ValueSource(strings = { "-PT30S", "PT1H", "-PT1H", "P1D" })
	void shouldGiveEpochsAsIfTheClockHadNotStepped(Duration step) {
		learn(THEN, Duration.ZERO);
		long before = this.clock.nextEpoch();
		this.time.advance(Duration.ofSeconds(5));
		learn(THEN.plusSeconds(5).plus(step), Duration.ZERO);
		assertThat(this.clock.now()).isEqualTo(THEN.plusSeconds(5).plus(step));
		assertThat(this.clock.nextEpoch()).isEqualTo(before + 5_000_000);
	}

	@ParameterizedTest
	@ValueSource(longs = { -400, -20, 20, 900 })
	void shouldNotFollowShortStepsEither(long millis) {
		learn(THEN, Duration.ZERO);
		long before = this.clock.nextEpoch();
		this.time.advance(Duration.ofSeconds(5));
		learn(THEN.plusSeconds(5).plusMillis(millis), Duration.ZERO);
		assertThat(this.clock.nextEpoch()).isEqualTo(before + 5_000_000);
	}

	@Test
	void shouldTakeADifferenceThatTheRoundTripExplainsForNoStep() {
		learn(THEN, Duration.ZERO);
		learn(THEN.plusMillis(700), Duration.ofMillis(800));
		assertThat(this.clock.nextEpoch()).isEqualTo(Sql.micros(THEN.plusMillis(1100)));
		learn(THEN.plusMillis(800), Duration.ZERO);
		assertThat(this.clock.now()).isEqualTo(THEN.plusMillis(800));
		this.time.advance(Duration.ofSeconds(1));
		assertThat(this.clock.nextEpoch()).isEqualTo(Sql.micros(THEN.plusMillis(1800)));
	}

	@Test
	void shouldFollowTheDriftOfTheClock() {
		learn(THEN, Duration.ZERO);
		this.time.advance(Duration.ofSeconds(5));
		learn(THEN.plusSeconds(5).plusMillis(3), Duration.ZERO);
		assertThat(this.clock.nextEpoch()).isEqualTo(Sql.micros(THEN.plusSeconds(5).plusMillis(3)));
		learn(THEN.plusSeconds(5), Duration.ZERO);
		assertThat(this.clock.nextEpoch()).isEqualTo(Sql.micros(THEN.plusSeconds(5).plusMillis(3)) + 1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-PT77S", "-PT1S" })
	void shouldNotLetProvisionalEpochsFallBelowTheHighestStoredOne(Duration sinceStored) {
		long provisional = this.clock.nextEpoch();
		this.time.advance(Duration.ofSeconds(5));
		long highest = Sql.micros(THEN);
		this.clock.learn(new EpochTable.Reading(Sql.micros(THEN.plus(sinceStored)), highest, highest),
				this.time.nanoTime());
		assertThat(this.clock.settled(provisional)).isGreaterThan(highest);
		assertThat(this.clock.nextEpoch()).isGreaterThan(highest + 5_000_000);
	}

	@Test
	void shouldCatchUpWithEpochsThatAreAheadOfIt() {
		learn(THEN, Duration.ZERO);
		long ahead = Sql.micros(THEN) + 7_000_000;
		assertThat(this.clock.isAhead(ahead)).isTrue();
		this.clock.catchUp(ahead);
		assertThat(this.clock.isAhead(ahead)).isFalse();
		this.time.advance(Duration.ofSeconds(1));
		assertThat(this.clock.nextEpoch()).isEqualTo(ahead + 1_000_000);
		assertThat(this.clock.now()).isEqualTo(THEN.plusSeconds(1));
	}

	@Test
	void shouldBeginAboveWhatTheDirectoryHolds() {
		long highest = Sql.micros(THEN.plus(Duration.ofHours(1)));
		assertThat(started(THEN, highest, Duration.ofDays(-1)).nextEpoch()).isGreaterThan(highest);
		assertThat(started(THEN, highest, Duration.ofDays(1)).nextEpoch()).isGreaterThan(highest);
	}

	@Test
	void shouldGoOnWithTheEpochsOfNodesThatLive() {
		long lower = Sql.micros(THEN.minus(Duration.ofHours(1)));
		assertThat(started(THEN, lower, Duration.ofSeconds(3)).nextEpoch()).isEqualTo(lower + 3_000_000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT1H", "-PT1H" })
	void shouldSettleEpochsThatItGaveByAMachinesClockThatWasWrong(Duration wrong) {
		long made = this.clock.nextEpoch();
		assertThat(made).isNegative();
		assertThat(DirectoryClock.shown(made)).isEqualTo(Sql.micros(this.time.now()));
		this.time.advance(Duration.ofSeconds(20));
		Instant now = this.time.now().minus(wrong).plus(Duration.ofDays(1));
		learn(now, Duration.ZERO);
		assertThat(this.clock.settled(made)).isEqualTo(Sql.micros(now.minusSeconds(20)));
		assertThat(this.clock.timeOf(this.clock.settled(made))).isEqualTo(now.minusSeconds(20));
		assertThat(this.clock.nextEpoch()).isGreaterThan(this.clock.settled(made));
	}

	@Test
	void shouldCountProvisionalEpochsInTheOrderInWhichItGaveThem() {
		long first = this.clock.nextEpoch();
		long second = this.clock.nextEpoch();
		learn(THEN, Duration.ZERO);
		assertThat(List.of(first, second, this.clock.nextEpoch())).isSorted().doesNotHaveDuplicates();
		assertThat(this.clock.settled(first)).isLessThan(this.clock.settled(second));
	}

	@Test
	void shouldTellTheTimeOfAnEpochAfterAStep() {
		learn(THEN, Duration.ZERO);
		learn(THEN.plus(Duration.ofHours(1)), Duration.ZERO);
		assertThat(this.clock.timeOf(this.clock.nextEpoch())).isEqualTo(THEN.plus(Duration.ofHours(1)));
	}

}

package dev.switchboard.simulator.bench;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ScheduleTests {

	@Test
	void shouldNumberTheCallsAndThenEnd() {
		Schedule schedule = new Schedule(0, 2, 0, 0);
		assertThat(schedule.take(5)).isZero();
		assertThat(schedule.take(6)).isOne();
		assertThat(schedule.take(7)).isNegative();
	}

	@Test
	void shouldEndWithTheDuration() {
		Schedule schedule = new Schedule(100, 0, 50, 0);
		assertThat(schedule.take(149)).isZero();
		assertThat(schedule.take(150)).isNegative();
	}

	@Test
	void shouldBeDueAtOnceWithoutARate() {
		assertThat(new Schedule(100, 0, 0, 0).dueNanos(7, 130)).isEqualTo(130);
	}

	@Test
	void shouldBeDueAtTheRateHoweverLateItIs() {
		Schedule schedule = new Schedule(100, 0, 0, 1000);
		assertThat(schedule.dueNanos(3, 100)).isEqualTo(3_000_100);
		assertThat(schedule.dueNanos(3, 900_000_000)).isEqualTo(3_000_100);
	}

	@Test
	void shouldOfferAllThatIsDueWithinTheDurationEvenLate() {
		Schedule schedule = new Schedule(0, 0, 3_000_000, 1000);
		assertThat(schedule.take(0)).isZero();
		assertThat(schedule.take(9_000_000)).isOne();
		assertThat(schedule.take(9_000_000)).isEqualTo(2);
		assertThat(schedule.take(9_000_000)).isNegative();
	}

	@Test
	void shouldGiveNothingAfterAStop() {
		Schedule schedule = new Schedule(0, 10, 0, 0);
		schedule.stop();
		assertThat(schedule.take(0)).isNegative();
	}

}

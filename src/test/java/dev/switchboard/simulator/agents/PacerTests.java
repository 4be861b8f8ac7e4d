package dev.switchboard.simulator.agents;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PacerTests {

	private static final long SECOND = 1_000_000_000;

	private long now = 17 * SECOND;

	@Test
	void shouldStartWithoutTokens() {
		assertThat(new Pacer(100, this.now).tryTake(this.now)).isFalse();
	}

	@Test
	void shouldGiveTheRateOverManySmallSteps() {
		Pacer pacer = new Pacer(2000, this.now);
		int taken = 0;
		for (int i = 0; i < 1000; i++) {
			taken += takeAllAfter(pacer, SECOND / 1000);
		}
		assertThat(taken).isBetween(1999, 2000);
	}

	@Test
	void shouldKeepFractionsOfATokenBetweenSteps() {
		Pacer pacer = new Pacer(3, this.now);
		assertThat(takeAllAfter(pacer, SECOND / 6)).isZero();
		assertThat(takeAllAfter(pacer, SECOND / 5)).isOne();
	}

	@Test
	void shouldNotMakeUpForALongPauseInABurst() {
		assertThat(takeAllAfter(new Pacer(2000, this.now), 60 * SECOND)).isEqualTo(100);
	}

	private int takeAllAfter(Pacer pacer, long nanos) {
		this.now += nanos;
		int taken = 0;
		while (pacer.tryTake(this.now)) {
			taken++;
		}
		return taken;
	}

}

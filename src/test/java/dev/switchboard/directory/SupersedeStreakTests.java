package dev.switchboard.directory;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SupersedeStreakTests {

	private static final Instant THEN = Instant.parse("2031-01-01T00:00:00Z");

	@Test
	void shouldLetAnAgentHaveTwoConnectionsForAMomentAndSoAgain() {
		assertThat(new SupersedeStreak(2, THEN).isFlapping(THEN)).isFalse();
		assertThat(new SupersedeStreak(3, THEN).isFlapping(THEN)).isTrue();
	}

	@Test
	void shouldEndAfterItsMemory() {
		SupersedeStreak streak = new SupersedeStreak(3, THEN);
		assertThat(streak.isFlapping(THEN.plus(SupersedeStreak.MEMORY).minusNanos(1))).isTrue();
		assertThat(streak.isFlapping(THEN.plus(SupersedeStreak.MEMORY))).isFalse();
	}

}

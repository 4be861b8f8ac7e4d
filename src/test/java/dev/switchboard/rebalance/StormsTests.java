package dev.switchboard.rebalance;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StormsTests {

	private final Storms storms = new Storms(0.01);

	@Test
	void shouldBeAStormWhileManyAgentsCome() {
		assertThat(at(0, 1000)).isFalse();
		assertThat(at(5, 1040)).isFalse();
		assertThat(at(6, 1100)).isTrue();
	}

	@Test
	void shouldBeAStormWhenANodeHasDied() {
		at(0, 4000);
		assertThat(at(5, 3000)).isTrue();
		assertThat(at(10, 3500)).isTrue();
	}

	@Test
	void shouldEndWhenTheNumberHasBeenSteady() {
		at(0, 1000);
		assertThat(at(5, 2000)).isTrue();
		assertThat(at(10, 2000)).isTrue();
		assertThat(at(16, 2010)).isFalse();
	}

	@Test
	void shouldNotCountAFewAgents() {
		at(0, 0);
		assertThat(at(1, 10)).isFalse();
		assertThat(at(2, 11)).isTrue();
	}

	@Test
	void shouldTolerateWhatMovesAtAHighRate() {
		Storms fast = new Storms(0.1);
		fast.isStorm(1000, 0);
		assertThat(fast.isStorm(1150, 1)).isFalse();
	}

	private boolean at(int second, int agents) {
		return this.storms.isStorm(agents, Duration.ofSeconds(second).toNanos());
	}

}

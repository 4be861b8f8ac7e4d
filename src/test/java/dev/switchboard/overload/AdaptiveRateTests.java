package dev.switchboard.overload;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class AdaptiveRateTests {

	private final AdaptiveRate rate = new AdaptiveRate();

	@Test
	void shouldFallTheMoreTheLaterTheEventLoopIs() {
		this.rate.begin(1000, 10);
		this.rate.fall(1.01);
		assertThat(this.rate.perSecond()).isEqualTo(900);
		this.rate.fall(1.5);
		assertThat(this.rate.perSecond()).isCloseTo(600, within(1.0));
		this.rate.fall(20);
		assertThat(this.rate.perSecond()).isCloseTo(300, within(1.0));
	}

	@Test
	void shouldNotFallBelowATenthOfItsFirstValueOrTheLeastOne() {
		this.rate.begin(1000, 10);
		change(this::fallFar, 20);
		assertThat(this.rate.perSecond()).isEqualTo(100);
		assertThat(this.rate.isLeast()).isTrue();
		this.rate.begin(1000, 200);
		change(this::fallFar, 20);
		assertThat(this.rate.perSecond()).isEqualTo(200);
	}

	@Test
	void shouldComeBackNearTheKneeQuicklyAndStayThereForLong() {
		this.rate.begin(1000, 10);
		change(this::fallFar, 3);
		change(this.rate::rise, 25);
		assertThat(this.rate.perSecond()).isBetween(750.0, 950.0);
		change(this.rate::rise, 20);
		assertThat(this.rate.perSecond()).isBetween(900.0, 1100.0);
	}

	@Test
	void shouldFindAKneeThatIsMuchHigher() {
		this.rate.begin(1000, 10);
		this.rate.fall(2);
		change(this.rate::rise, 100);
		assertThat(this.rate.perSecond()).isGreaterThan(10_000);
	}

	@Test
	void shouldNotTakeALongBacklogForALowKnee() {
		this.rate.begin(1000, 10);
		change(this::fallFar, 4);
		this.rate.rise();
		this.rate.fall(2);
		change(this.rate::rise, 40);
		assertThat(this.rate.perSecond()).isGreaterThan(500);
	}

	@Test
	void shouldRiseQuicklyAfterItWasHeld() {
		this.rate.hold(50);
		this.rate.fall(10);
		assertThat(this.rate.perSecond()).isEqualTo(50);
		change(this.rate::rise, 50);
		assertThat(this.rate.perSecond()).isGreaterThan(5000);
	}

	private void fallFar() {
		this.rate.fall(10);
	}

	private static void change(Runnable change, int times) {
		IntStream.range(0, times).forEach((_) -> change.run());
	}

}

package dev.switchboard.handshake;

import java.time.Duration;
import java.util.SplittableRandom;

import dev.switchboard.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class FailureSketchTests {

	private final ManualTime time = new ManualTime();

	private final FailureSketch sketch = new FailureSketch(10, new SplittableRandom(7)::nextLong, this.time);

	@Test
	void shouldCountEachSourceAlone() {
		add(1, 5);
		add(2, 3);
		assertThat(this.sketch.count(1)).isEqualTo(5);
		assertThat(this.sketch.count(2)).isEqualTo(3);
		assertThat(this.sketch.count(3)).isZero();
	}

	@Test
	void shouldForgetAtItsRate() {
		add(1, 20);
		this.time.advance(Duration.ofMillis(500));
		assertThat(this.sketch.count(1)).isCloseTo(15, within(0.1F));
		this.time.advance(Duration.ofMinutes(1));
		assertThat(this.sketch.count(1)).isZero();
		add(1, 1);
		assertThat(this.sketch.count(1)).isEqualTo(1);
	}

	/** The time of a cell is an int of milliseconds, which is 0 again after 49 days. */
	@Test
	void shouldForgetAfterTheClockOfItsCellsHasTurned() {
		this.time.advance(Duration.ofMillis((1L << Integer.SIZE) - 1000));
		add(1, 50);
		this.time.advance(Duration.ofSeconds(2));
		assertThat(this.sketch.count(1)).isCloseTo(30, within(0.1F));
	}

	@Test
	void shouldNeverCountTooFew() {
		for (long source = 0; source < 30_000; source++) {
			add(source, 2);
		}
		for (long source = 0; source < 30_000; source++) {
			assertThat(this.sketch.count(source)).isGreaterThanOrEqualTo(2);
		}
	}

	private void add(long source, int times) {
		for (int i = 0; i < times; i++) {
			this.sketch.add(source);
		}
	}

}

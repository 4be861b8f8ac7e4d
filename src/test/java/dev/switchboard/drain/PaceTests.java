package dev.switchboard.drain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.switchboard.drain.Pace.Tempo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

class PaceTests {

	private final List<Integer> done = new ArrayList<>();

	private boolean completed;

	@BeforeEach
	void useVirtualTime() {
		VirtualTimeScheduler.getOrSet();
	}

	@AfterEach
	void stop() {
		VirtualTimeScheduler.reset();
	}

	@Test
	void shouldSpreadTheElementsEvenly() {
		run(100, 10);
		pass(Duration.ofSeconds(5));
		assertThat(this.done).hasSizeBetween(50, 51);
		assertThat(this.completed).isFalse();
		pass(Duration.ofSeconds(5));
		assertThat(this.done).containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
		assertThat(this.completed).isTrue();
	}

	@Test
	void shouldBeginAtOnce() {
		run(10, 1);
		pass(Duration.ofMillis(1));
		assertThat(this.done).containsExactly(0);
	}

	@Test
	void shouldCompleteAtOnceWithoutElements() {
		run(0, 10);
		pass(Duration.ofMillis(1));
		assertThat(this.completed).isTrue();
	}

	@Test
	void shouldTakeManyAtATimeAtAHighRate() {
		run(10_000, 100_000);
		pass(Duration.ofMillis(100));
		assertThat(this.completed).isTrue();
	}

	@Test
	void shouldNotMakeUpForAPauseInOneBurst() {
		Pace.each(IntStream.range(0, 1000).boxed().toList(), Tempo.even(100), (number) -> {
			this.done.add(number);
			if (number == 0) {
				pass(Duration.ofSeconds(3));
			}
		}).subscribe(null, null, () -> this.completed = true);
		int after = this.done.size();
		pass(Duration.ofSeconds(1));
		assertThat(this.done.size() - after).isBetween(190, 210);
		pass(Duration.ofSeconds(6));
		assertThat(this.completed).isTrue();
	}

	@Test
	void shouldLeaveOutTheRestWhenItIsCancelled() {
		Disposable run = run(100, 10);
		pass(Duration.ofSeconds(1));
		run.dispose();
		int before = this.done.size();
		pass(Duration.ofSeconds(10));
		assertThat(this.done).hasSize(before);
	}

	@Test
	void shouldHurryOnlyWhileThatIsAllowed() {
		Tempo tempo = new Tempo(10, 100, (done) -> done < 50);
		Pace.each(IntStream.range(0, 200).boxed().toList(), tempo, this.done::add)
			.subscribe(null, null, () -> this.completed = true);
		pass(Duration.ofSeconds(1));
		assertThat(this.done).hasSizeBetween(50, 55);
		pass(Duration.ofSeconds(3));
		assertThat(this.done).hasSizeBetween(50, 55);
		pass(Duration.ofSeconds(10));
		assertThat(this.done).hasSizeBetween(140, 142);
		pass(Duration.ofSeconds(6));
		assertThat(this.completed).isTrue();
	}

	private Disposable run(int size, double rate) {
		return Pace.each(IntStream.range(0, size).boxed().toList(), Tempo.even(rate), this.done::add)
			.subscribe(null, null, () -> this.completed = true);
	}

	private static void pass(Duration time) {
		VirtualTimeScheduler.get().advanceTimeBy(time);
	}

}

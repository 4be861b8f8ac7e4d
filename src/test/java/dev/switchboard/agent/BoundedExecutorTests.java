package dev.switchboard.agent;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BoundedExecutorTests {

	private final Queue<Runnable> tasks = new ArrayDeque<>();

	private final List<Integer> ran = new ArrayList<>();

	private final BoundedExecutor executor = new BoundedExecutor(this.tasks::add, 2, 1);

	private boolean offer(int number) {
		return this.executor.offer(() -> this.ran.add(number));
	}

	@Test
	void shouldStartNoMoreThanItsWidthAndLetNoMoreThanItsCapacityWait() {
		assertThat(offer(1)).isTrue();
		assertThat(offer(2)).isTrue();
		assertThat(offer(3)).isTrue();
		assertThat(offer(4)).isFalse();
		assertThat(this.tasks).hasSize(2);
	}

	@Test
	void shouldRunWhatWaitsInOrder() {
		offer(1);
		offer(2);
		offer(3);
		this.tasks.remove().run();
		assertThat(this.ran).containsExactly(1, 3);
		assertThat(offer(4)).isTrue();
		assertThat(this.tasks).hasSize(2);
	}

	@Test
	void shouldFollowANewWidth() {
		this.executor.resize(3, 0);
		offer(1);
		offer(2);
		offer(3);
		assertThat(this.tasks).hasSize(3);
		assertThat(offer(4)).isFalse();
	}

	@Test
	void shouldTakeNothingThatItsExecutorRefuses() {
		BoundedExecutor refusing = new BoundedExecutor((_) -> {
			throw new RejectedExecutionException();
		}, 1, 0);
		assertThat(refusing.offer(() -> this.ran.add(1))).isFalse();
		refusing.resize(1, 1);
		assertThat(refusing.offer(() -> this.ran.add(2))).isFalse();
	}

}

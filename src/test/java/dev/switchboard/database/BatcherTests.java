package dev.switchboard.database;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

class BatcherTests {

	private static final Duration PAUSE = Duration.ofMillis(100);

	private final List<List<String>> sent = new ArrayList<>();

	private final Deque<Sinks.Empty<Void>> answers = new ArrayDeque<>();

	@BeforeEach
	void startTime() {
		VirtualTimeScheduler.getOrSet();
	}

	@AfterEach
	void stopTime() {
		VirtualTimeScheduler.reset();
	}

	private static void pass(Duration time) {
		VirtualTimeScheduler.get().advanceTimeBy(time);
	}

	private Mono<Void> send(List<String> batch) {
		this.sent.add(batch);
		Sinks.Empty<Void> answer = Sinks.empty();
		this.answers.add(answer);
		return answer.asMono();
	}

	private void answered() {
		this.answers.remove().tryEmitEmpty();
	}

	/** In batches of three. */
	private Batcher<String> batcher(int lanes, Duration pause) {
		return new Batcher<>(3, lanes, (_) -> pause, this::send);
	}

	private static void add(Batcher<String> batcher, String... items) {
		List.of(items).forEach((item) -> {
			batcher.add(item);
			batcher.sendNext();
		});
	}

	@Test
	void shouldSendTheItemsThatCameMeanwhileTogetherAndInOrder() {
		add(batcher(1, Duration.ZERO), "a", "b", "c");
		assertThat(this.sent).containsExactly(List.of("a"));
		answered();
		assertThat(this.sent).containsExactly(List.of("a"), List.of("b", "c"));
	}

	@Test
	void shouldBoundABatch() {
		add(batcher(1, Duration.ZERO), "a", "b", "c", "d", "e");
		answered();
		answered();
		assertThat(this.sent).containsExactly(List.of("a"), List.of("b", "c", "d"), List.of("e"));
	}

	@Test
	void shouldSendAsManyBatchesAtATimeAsItHasLanes() {
		Batcher<String> batcher = batcher(2, Duration.ZERO);
		add(batcher, "a", "b", "c");
		assertThat(this.sent).containsExactly(List.of("a"), List.of("b"));
		assertThat(batcher.depth()).isEqualTo(1);
	}

	@Test
	void shouldNotSendAnItemThatWasRemoved() {
		Batcher<String> batcher = batcher(1, Duration.ZERO);
		add(batcher, "a", "b", "c");
		batcher.remove("b");
		answered();
		assertThat(this.sent).containsExactly(List.of("a"), List.of("c"));
	}

	@Test
	void shouldSendTheNextBatchAfterAFailure() {
		add(batcher(1, Duration.ZERO), "a", "b");
		this.answers.remove().tryEmitError(new IllegalStateException("fails"));
		assertThat(this.sent).containsExactly(List.of("a"), List.of("b"));
	}

	@Test
	void shouldCollectForThePauseAfterABatch() {
		Batcher<String> batcher = batcher(1, PAUSE);
		add(batcher, "a");
		answered();
		add(batcher, "b");
		pass(PAUSE.minusMillis(1));
		add(batcher, "c");
		assertThat(this.sent).hasSize(1);
		pass(Duration.ofMillis(1));
		assertThat(this.sent).containsExactly(List.of("a"), List.of("b", "c"));
	}

	@Test
	void shouldNotWaitForThePauseWithAFullBatch() {
		Batcher<String> batcher = batcher(1, PAUSE);
		add(batcher, "a");
		answered();
		add(batcher, "b", "c", "d");
		assertThat(this.sent).hasSize(2);
	}

	@Test
	void shouldNotCutAPauseShortByTheOneBefore() {
		Batcher<String> batcher = batcher(1, PAUSE);
		add(batcher, "a");
		answered();
		pass(PAUSE.dividedBy(2));
		add(batcher, "b", "c", "d");
		answered();
		add(batcher, "e");
		pass(PAUSE.minusMillis(1));
		assertThat(this.sent).hasSize(2);
		pass(Duration.ofMillis(1));
		assertThat(this.sent).hasSize(3);
	}

}

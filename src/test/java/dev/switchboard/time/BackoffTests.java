package dev.switchboard.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class BackoffTests {

	private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), Chance.seeded(1));

	@Test
	void shouldDoubleThePauseUpToTheLimit() {
		assertThat(this.backoff.pause(0)).isBetween(Duration.ofMillis(50), Duration.ofMillis(150));
		assertThat(this.backoff.pause(3)).isBetween(Duration.ofMillis(400), Duration.ofMillis(1200));
		assertThat(this.backoff.pause(1_000_000)).isBetween(Duration.ofMillis(2500), Duration.ofMillis(7500));
	}

	@Test
	void shouldTryAgainUntilItSucceeds() {
		AtomicInteger tries = new AtomicInteger();
		List<Long> failures = new ArrayList<>();
		StepVerifier
			.withVirtualTime(() -> Mono
				.fromCallable(() -> (tries.incrementAndGet() < 4) ? fail(new IllegalStateException("away")) : "here")
				.retryWhen(this.backoff.whileFailing(IllegalStateException.class::isInstance,
						(_, before) -> failures.add(before))))
			.thenAwait(Duration.ofMinutes(1))
			.expectNext("here")
			.verifyComplete();
		assertThat(failures).containsExactly(0L, 1L, 2L);
	}

	@Test
	void shouldPassOnAFailureOfAnotherKind() {
		StepVerifier
			.create(Mono.error(new IllegalArgumentException("broken"))
				.retryWhen(this.backoff.whileFailing(IllegalStateException.class::isInstance)))
			.verifyError(IllegalArgumentException.class);
	}

	@Test
	void shouldGiveUpAfterAsManyTriesAsItIsGiven() {
		AtomicInteger tries = new AtomicInteger();
		StepVerifier.withVirtualTime(() -> Mono.defer(() -> {
			tries.incrementAndGet();
			return Mono.error(new IllegalStateException("away"));
		}).retryWhen(this.backoff.atMost(5, (_) -> true)))
			.thenAwait(Duration.ofMinutes(1))
			.verifyError(IllegalStateException.class);
		assertThat(tries).hasValue(6);
	}

	private static String fail(RuntimeException failure) {
		throw failure;
	}

}

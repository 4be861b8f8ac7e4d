package dev.switchboard.handshake;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TokenBucketTests {

	private long now;

	private final TokenBucket bucket = new TokenBucket(10, () -> this.now);

	@Test
	void shouldGiveASecondsWorthAtOnceAndThenTheRate() {
		assertThat(taken(20)).isEqualTo(10);
		this.now += Duration.ofMillis(500).toNanos();
		assertThat(taken(20)).isEqualTo(5);
	}

	@Test
	void shouldNotSaveUpMoreThanASecond() {
		this.now += Duration.ofHours(1).toNanos();
		assertThat(taken(50)).isEqualTo(10);
	}

	@Test
	void shouldSpreadAFewOverAWhile() {
		taken(11);
		Set<Integer> seconds = new HashSet<>();
		IntStream.range(0, 1000).forEach((_) -> seconds.add(this.bucket.retryAfterSeconds()));
		assertThat(seconds).hasSize(10).allMatch((second) -> second >= 1 && second <= 10);
	}

	@Test
	void shouldSpreadAHerdOverTheTimeItTakes() {
		taken(10 + 1000);
		assertThat(this.bucket.spreadSeconds()).isEqualTo(150);
		taken(100_000);
		assertThat(this.bucket.spreadSeconds()).isEqualTo(300);
	}

	@Test
	void shouldForgetAHerdThatHasHadItsTime() {
		taken(10 + 1000);
		this.now += Duration.ofSeconds(50).toNanos();
		assertThat(this.bucket.tryTake()).isTrue();
		assertThat(this.bucket.spreadSeconds()).isEqualTo(75);
		this.now += Duration.ofSeconds(60).toNanos();
		assertThat(this.bucket.tryTake()).isTrue();
		assertThat(this.bucket.spreadSeconds()).isEqualTo(10);
	}

	private long taken(int tries) {
		return IntStream.range(0, tries).filter((_) -> this.bucket.tryTake()).count();
	}

}

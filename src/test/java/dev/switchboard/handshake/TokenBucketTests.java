package dev.switchboard.handshake;

import java.time.Duration;
import java.util.stream.IntStream;

import dev.switchboard.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TokenBucketTests {

	private final ManualTime time = new ManualTime();

	private final TokenBucket bucket = new TokenBucket(10, this.time);

	@Test
	void shouldGiveASecondsWorthAtOnceAndThenTheRate() {
		assertThat(taken(20)).isEqualTo(10);
		this.time.advance(Duration.ofMillis(500));
		assertThat(taken(20)).isEqualTo(5);
	}

	@Test
	void shouldNotSaveUpMoreThanASecond() {
		this.time.advance(Duration.ofHours(1));
		assertThat(taken(50)).isEqualTo(10);
	}

	@Test
	void shouldSpreadAFewOverAWhile() {
		taken(11);
		assertThat(this.bucket.retryWithin()).hasSeconds(10);
	}

	@Test
	void shouldSpreadAHerdOverTheTimeItTakes() {
		taken(10 + 1000);
		assertThat(this.bucket.retryWithin()).hasSeconds(150);
		taken(100_000);
		assertThat(this.bucket.retryWithin()).hasSeconds(300);
	}

	@Test
	void shouldForgetAHerdThatHasHadItsTime() {
		taken(10 + 1000);
		this.time.advance(Duration.ofSeconds(50));
		assertThat(this.bucket.tryTake()).isTrue();
		assertThat(this.bucket.retryWithin()).hasSeconds(75);
		this.time.advance(Duration.ofSeconds(60));
		assertThat(this.bucket.tryTake()).isTrue();
		assertThat(this.bucket.retryWithin()).hasSeconds(10);
	}

	private long taken(int tries) {
		return IntStream.range(0, tries).filter((_) -> this.bucket.tryTake()).count();
	}

}

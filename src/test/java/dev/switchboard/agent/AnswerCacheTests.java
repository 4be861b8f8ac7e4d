package dev.switchboard.agent;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.TestIds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AnswerCacheTests {

	private final AtomicLong now = new AtomicLong();

	private final AnswerCache answers = new AnswerCache(3, 100, Duration.ofSeconds(10), this.now::get);

	private final CallId first = put(1);

	private CallId put(int bytes) {
		CallId id = TestIds.call();
		this.answers.put(id, new byte[bytes]);
		return id;
	}

	@Test
	void shouldFindWhatItHolds() {
		assertThat(this.answers.find(this.first)).hasSize(1);
		assertThat(this.answers.find(TestIds.call())).isNull();
	}

	@Test
	void shouldForgetTheOldestWhenThereAreTooMany() {
		CallId second = put(1);
		put(1);
		put(1);
		assertThat(this.answers.find(this.first)).isNull();
		assertThat(this.answers.find(second)).isNotNull();
	}

	@Test
	void shouldForgetTheOldestWhenTheyHoldTooManyBytes() {
		CallId second = put(99);
		assertThat(this.answers.find(this.first)).isNotNull();
		this.answers.put(second, new byte[100]);
		assertThat(this.answers.find(this.first)).isNull();
		assertThat(this.answers.find(second)).hasSize(100);
	}

	@Test
	void shouldForgetWhatIsTooOld() {
		this.now.addAndGet(Duration.ofSeconds(10).toNanos());
		CallId second = put(1);
		assertThat(this.answers.find(this.first)).isNotNull();
		this.now.incrementAndGet();
		assertThat(this.answers.find(this.first)).isNull();
		assertThat(this.answers.find(second)).isNotNull();
	}

	@Test
	void shouldCountAReplacedAnswerOnce() {
		for (int i = 0; i < 10; i++) {
			this.answers.put(this.first, new byte[60]);
		}
		assertThat(this.answers.find(this.first)).hasSize(60);
		put(40);
		assertThat(this.answers.find(this.first)).hasSize(60);
	}

}

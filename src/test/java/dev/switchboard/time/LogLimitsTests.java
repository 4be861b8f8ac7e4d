package dev.switchboard.time;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LogLimitsTests {

	private final ManualTime time = new ManualTime();

	private final LogLimits<String> limits = new LogLimits<>(Duration.ofMinutes(1), 2, this.time);

	@Test
	void shouldAllowALineForEachKeyInAPeriod() {
		assertThat(this.limits.tryLog("a")).hasValue(0);
		assertThat(this.limits.tryLog("a")).isEmpty();
		assertThat(this.limits.tryLog("b")).hasValue(1);
		this.time.advance(Duration.ofSeconds(59));
		assertThat(this.limits.tryLog("a")).isEmpty();
		this.time.advance(Duration.ofSeconds(1));
		assertThat(this.limits.tryLog("a")).hasValue(1);
	}

	@Test
	void shouldAllowNoMoreKeysThanItKeeps() {
		assertThat(this.limits.tryLog("a")).isPresent();
		assertThat(this.limits.tryLog("b")).isPresent();
		for (int i = 0; i < 1000; i++) {
			assertThat(this.limits.tryLog("c" + i)).isEmpty();
		}
		this.time.advance(Duration.ofMinutes(1));
		assertThat(this.limits.tryLog("c")).hasValue(1000);
	}

}

package dev.switchboard.time;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LogLimitTests {

	@Test
	void shouldLogAtMostOnceInAWhileAndCountTheRest() {
		ManualTime time = new ManualTime();
		LogLimit limit = new LogLimit(Duration.ofSeconds(10), time);

		assertThat(limit.tryLog()).hasValue(0);
		assertThat(limit.tryLog()).isEmpty();
		assertThat(limit.tryLog()).isEmpty();
		time.advance(Duration.ofSeconds(10));
		assertThat(limit.tryLog()).hasValue(2);
		assertThat(limit.tryLog()).isEmpty();
	}

}

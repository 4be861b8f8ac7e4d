package dev.switchboard.relay;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RetryAfterTests {

	private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

	private static @Nullable Duration parse(@Nullable String value) {
		return RetryAfter.parse(value, NOW);
	}

	/** No receiver puts off its deliveries for ever (logto-io/logto #9410). */
	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "0 | PT0S", "120 | PT2M", "99999 | PT1H", "99999999999999999999 | PT1H",
					"Thu, 01 Jan 2026 00:01:00 GMT | PT1M", "Wed, 31 Dec 2025 00:00:00 GMT | PT0S",
					"Fri, 01 Jan 2027 00:00:00 GMT | PT1H" })
	void shouldReadSecondsAndDatesWithinLimits(String value, Duration pause) {
		assertThat(parse(value)).isEqualTo(pause);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "soon", "-1", "1.5", "1e9" })
	void shouldIgnoreWhatItCannotRead(String value) {
		assertThat(parse(value)).isNull();
	}

	@Test
	void shouldSayNothingWithoutTheHeader() {
		assertThat(parse(null)).isNull();
	}

}

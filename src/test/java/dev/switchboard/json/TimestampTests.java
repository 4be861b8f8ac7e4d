package dev.switchboard.json;

import java.time.Instant;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class TimestampTests {

	@ParameterizedTest
	@CsvSource({ "2026-01-02T03:04:05Z, 2026-01-02T03:04:05.000Z",
			"2026-01-02T03:04:05.678901Z, 2026-01-02T03:04:05.678Z",
			"2026-01-02T03:04:05.9999Z, 2026-01-02T03:04:05.999Z", "1970-01-01T00:00:00Z, 1970-01-01T00:00:00.000Z" })
	void shouldAlwaysHaveMilliseconds(String time, String text) {
		assertThat(Timestamp.of(Instant.parse(time))).isEqualTo(text);
	}

}

package dev.switchboard.api;

import java.time.Duration;

import dev.switchboard.call.CallRequest;
import dev.switchboard.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CallHeadersTests {

	private final CallHeaders headers = new CallHeaders(new CallSettings(Duration.ofSeconds(10)));

	@Test
	void shouldMakeTheEndOfTheWaitTheDeadline() {
		CallRequest.Options options = options("Switchboard-Timeout", "60");
		assertThat(options.waitTime()).isEqualTo(Duration.ofSeconds(10));
		assertThat(options.timeToLive()).isEqualTo(Duration.ofSeconds(10));
	}

	@Test
	void shouldLetTheTimeoutShortenTheWait() {
		assertThat(options("Switchboard-Timeout", "0.25").timeToLive()).isEqualTo(Duration.ofMillis(250));
	}

	@Test
	void shouldGiveAnAsynchronousCallItsOwnDeadline() {
		assertThat(options("Prefer", "respond-async").timeToLive()).isEqualTo(Duration.ofMinutes(5));
		assertThat(options("Prefer", "respond-async").waitTime()).isZero();
		assertThat(options("Prefer", "respond-async", "Switchboard-Timeout", "3600").timeToLive())
			.isEqualTo(Duration.ofHours(1));
	}

	@ParameterizedTest
	@CsvSource({ "Switchboard-Timeout,0", "Switchboard-Timeout,3601", "Switchboard-Timeout,-1",
			"Switchboard-Timeout,soon", "Switchboard-Timeout,1e3", "Switchboard-Connect-Wait,61",
			"Switchboard-Connect-Wait,''", "Idempotency-Key,''", "Idempotency-Key,schlüssel" })
	void shouldRefuseWhatIsNotValid(String name, String value) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> options(name, value))
			.withMessageContaining(name);
	}

	@Test
	void shouldRefuseAKeyThatIsTooLong() {
		assertThat(options("Idempotency-Key", "k".repeat(255)).isRecorded()).isTrue();
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> options("Idempotency-Key", "k".repeat(256)));
	}

	@Test
	void shouldRefuseAHeaderThatIsThereTwice() {
		assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(() -> options("Idempotency-Key", "a", "Idempotency-Key", "b"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "00-0-0-0", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01" })
	void shouldDropATraceContextThatIsNone(String traceparent) {
		assertThat(CallHeaders.traceparent(headers("traceparent", traceparent))).isNull();
	}

	@Test
	void shouldPassATraceContextOn() {
		String traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
		assertThat(CallHeaders.traceparent(headers("traceparent", traceparent))).isEqualTo(traceparent);
	}

	private CallRequest.Options options(String... namesAndValues) {
		HttpHeaders headers = headers(namesAndValues);
		return this.headers.options(headers, Preferences.of(headers));
	}

	private static HttpHeaders headers(String... namesAndValues) {
		HttpHeaders headers = new HttpHeaders();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			headers.add(namesAndValues[i], namesAndValues[i + 1]);
		}
		return headers;
	}

}

package dev.switchboard.api;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

class PreferencesTests {

	@Test
	void shouldPreferNothingByDefault() {
		Preferences preferences = Preferences.of(new HttpHeaders());
		assertThat(preferences).isEqualTo(new Preferences(false, null));
		assertThat(applied(preferences)).isNull();
	}

	@Test
	void shouldReadSeveralPreferencesOfOneHeader() {
		Preferences preferences = prefer("respond-async, wait=5");
		assertThat(preferences).isEqualTo(new Preferences(true, Duration.ofSeconds(5)));
		assertThat(applied(preferences)).isEqualTo("respond-async, wait=5");
	}

	@Test
	void shouldReadPreferencesOfSeveralHeaders() {
		assertThat(prefer("WAIT = 7 ; foo=bar", "Respond-Async"))
			.isEqualTo(new Preferences(true, Duration.ofSeconds(7)));
	}

	@Test
	void shouldNotReadWhatIsQuoted() {
		assertThat(prefer("foo=\"a, wait=3, respond-async\"", "bar=\";wait=4\"; x=\",wait=5\", wait=\"7\""))
			.isEqualTo(new Preferences(false, Duration.ofSeconds(7)));
	}

	@Test
	void shouldTakeTheFirstOfTwo() {
		assertThat(prefer("wait=1", "wait=2").waitTime()).isEqualTo(Duration.ofSeconds(1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "wait=301", "wait=99999999999999999999", "wait=\"400\"" })
	void shouldWaitNoLongerThanTheLongestWait(String preference) {
		assertThat(applied(prefer(preference))).isEqualTo("wait=300");
	}

	@ParameterizedTest
	@ValueSource(strings = { "wait", "wait=", "wait=-1", "wait=soon", "wait=1.5", "handling=lenient", ",,;=" })
	void shouldIgnoreWhatItCannotParse(String preference) {
		assertThat(prefer(preference)).isEqualTo(new Preferences(false, null));
	}

	private static @Nullable String applied(Preferences preferences) {
		HttpHeaders answer = new HttpHeaders();
		preferences.apply(answer);
		return answer.getFirst("Preference-Applied");
	}

	private static Preferences prefer(String... lines) {
		HttpHeaders headers = new HttpHeaders();
		for (String line : lines) {
			headers.add("Prefer", line);
		}
		return Preferences.of(headers);
	}

}

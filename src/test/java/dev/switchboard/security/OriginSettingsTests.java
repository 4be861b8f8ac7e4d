package dev.switchboard.security;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class OriginSettingsTests {

	private final OriginSettings settings = new OriginSettings(
			List.of("https://Console.example", "http://localhost:3000"));

	@Test
	void shouldAllowProgramsWhichSendNoOrigin() {
		assertThat(this.settings.allows(new HttpHeaders())).isTrue();
		assertThat(new OriginSettings(List.of()).allows(new HttpHeaders())).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://console.example", "https://CONSOLE.example", "http://localhost:3000" })
	void shouldAllowAnOriginOnTheList(String origin) {
		assertThat(this.settings.allows(origins(origin))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://console.example", "https://console.example:444", "http://localhost",
			"https://console.example.evil.example", "https://evil.example/https://console.example", "null", "" })
	void shouldAllowNoOther(String origin) {
		assertThat(this.settings.allows(origins(origin))).isFalse();
		assertThat(new OriginSettings(List.of()).allows(origins(origin))).isFalse();
	}

	@Test
	void shouldLookAtEveryOriginHeader() {
		assertThat(this.settings.allows(origins("https://console.example", "https://evil.example"))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "*", "https://*.example", "console.example", "https://console.example/", "" })
	void shouldRefuseToBeConfiguredWithWhatIsNoOrigin(String origin) {
		assertThatIllegalArgumentException().isThrownBy(() -> new OriginSettings(List.of(origin)))
			.withMessageContaining("is not an origin");
	}

	private static HttpHeaders origins(String... origins) {
		HttpHeaders headers = new HttpHeaders();
		headers.addAll(HttpHeaders.ORIGIN, List.of(origins));
		return headers;
	}

}

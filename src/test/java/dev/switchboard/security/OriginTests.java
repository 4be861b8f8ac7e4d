package dev.switchboard.security;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class OriginTests {

	@ParameterizedTest
	@CsvSource({ "http://gw.example, gw.example", "https://gw.example, gw.example", "https://GW.example, gw.EXAMPLE",
			"https://gw.example, gw.example:443", "http://gw.example, gw.example:443",
			"https://gw.example:443, gw.example", "https://gw.example:8443, gw.example:8443",
			"http://127.0.0.1:8080, 127.0.0.1:8080", "http://[::1]:8080, [::1]:8080",
			"ws://gw.example, gw.example:80" })
	void shouldBeAtTheServerThatItsPageCameFrom(String origin, String host) {
		assertThat(Origin.parse(origin)).satisfies((parsed) -> assertThat(parsed.isAt(host)).isTrue());
	}

	@ParameterizedTest
	@CsvSource({ "https://evil.example, gw.example", "https://gw.example.evil.example, gw.example",
			"https://evil-gw.example, gw.example", "http://localhost:3000, localhost:8080",
			"http://localhost, localhost:8080", "http://localhost:8080, localhost",
			"http://127.0.0.1:8080, localhost:8080", "https://gw.example, gw.example:",
			"https://gw.example, user@gw.example", "https://gw.example, ''" })
	void shouldBeAtNoOther(String origin, String host) {
		assertThat(Origin.parse(origin)).satisfies((parsed) -> assertThat(parsed.isAt(host)).isFalse());
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "", "*", "gw.example", "https://", "https://gw.example/", "https://*.example",
			"https://user@gw.example", "https://gw.example:", "https://gw.example:123456", "https://a b" })
	void shouldNotBeReadFromAnythingElse(String text) {
		assertThat(Origin.parse(text)).isNull();
	}

}

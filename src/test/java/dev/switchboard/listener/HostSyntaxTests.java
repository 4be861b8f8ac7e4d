package dev.switchboard.listener;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class HostSyntaxTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "localhost", "localhost:", "localhost:65535", "gateway_1.example.com:8080",
			"127.0.0.1:1", "[::1]", "[::1]:8080", "[fe80::1%25eth0]" })
	void shouldTakeAHostWithAPort(String host) {
		assertThat(HostSyntax.matches(host)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "a b", "a/b", "a@b", "a?b", "a\\b", "localhost:65536", "localhost:99999999999999",
			"localhost:x", "localhost:-1", "a:1:2", "::1", "[]", "[", "[::1", "[::1]x", "[::1]:x", "\"a\"", "a\u00e4" })
	void shouldRefuseWhatIsNoHost(String host) {
		assertThat(HostSyntax.matches(host)).isFalse();
	}

}

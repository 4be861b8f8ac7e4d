package dev.switchboard.security;

import dev.switchboard.security.LoopbackHost;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

class LoopbackHostTests {

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "LocalHost:8080", "127.0.0.1", "127.0.0.1:9090", "127.8.9.10:1", "[::1]",
			"[::1]:8080" })
	void shouldFindLoopback(String host) {
		assertThat(LoopbackHost.isIn(hosts(host))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example:127",
			"localhost@evil.example", "1127.0.0.1", "128.0.0.1", "[::2]", "::1", "0.0.0.0", "localhost:80:80" })
	void shouldFindNothingElse(String host) {
		assertThat(LoopbackHost.isIn(hosts(host))).isFalse();
	}

	@Test
	void shouldTakeExactlyOneHost() {
		assertThat(LoopbackHost.isIn(hosts())).isFalse();
		assertThat(LoopbackHost.isIn(hosts("localhost", "evil.example"))).isFalse();
	}

	private static HttpHeaders hosts(String... hosts) {
		HttpHeaders headers = new HttpHeaders();
		headers.addAll(HttpHeaders.HOST, List.of(hosts));
		return headers;
	}

}

package dev.switchboard.security;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;

class SecurityHeadersTests {

	private final SecurityHeaders filter = new SecurityHeaders();

	@ParameterizedTest
	@ValueSource(strings = { "/v1/nodes", "/actuator/prometheus", "/docs", "/nothing" })
	void shouldTellBrowsersNotToGuessAndNotToFrame(String path) {
		HttpHeaders headers = headers("http://localhost" + path);

		assertThat(headers.getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
		assertThat(headers.getFirst("Content-Security-Policy")).contains("default-src 'none'",
				"frame-ancestors 'none'");
		assertThat(headers.getFirst("Referrer-Policy")).isEqualTo("no-referrer");
	}

	@Test
	void shouldLetNothingPrivateBeKept() {
		assertThat(headers("http://localhost/v1/nodes").getCacheControl()).isEqualTo("no-store");
		assertThat(headers("http://localhost/actuator/prometheus").getCacheControl()).isEqualTo("no-store");
		assertThat(headers("http://localhost/webjars/x.js").getCacheControl()).isNull();
	}

	@Test
	void shouldAskForTlsForAYearWhereThereIsTls() {
		assertThat(headers("https://localhost/v1/nodes").getFirst("Strict-Transport-Security"))
			.isEqualTo("max-age=31536000");
		assertThat(headers("http://localhost/v1/nodes").containsHeader("Strict-Transport-Security")).isFalse();
	}

	private HttpHeaders headers(String url) {
		MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get(url));
		this.filter.filter(exchange, (_) -> Mono.empty()).block();
		return exchange.getResponse().getHeaders();
	}

}

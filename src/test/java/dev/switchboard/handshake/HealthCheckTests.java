package dev.switchboard.handshake;

import java.util.concurrent.atomic.AtomicBoolean;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class HealthCheckTests {

	private final AtomicBoolean open = new AtomicBoolean(true);

	private final HealthCheck health = new HealthCheck(this.open::get);

	@ParameterizedTest
	@ValueSource(strings = { "GET", "HEAD" })
	void shouldSayThatHandshakesAreTaken(String method) {
		MockServerWebExchange exchange = exchange(method);
		this.health.answer(exchange).block();
		assertThat(exchange.getResponse().getStatusCode()).hasToString("200 OK");
		assertThat(exchange.getResponse().getHeaders().getCacheControl()).isEqualTo("no-store");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "HEAD" })
	void shouldSayThatNoneAreTaken(String method) {
		this.open.set(false);
		assertProblem(method, Problem.UNAVAILABLE);
	}

	@Test
	void shouldKnowNoOtherMethod() {
		assertProblem("POST", Problem.METHOD_NOT_ALLOWED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/healthz/", "/", "/v1/connect", "/HEALTHZ" })
	void shouldHaveOnePath(String path) {
		assertThat(HealthCheck.is(MockServerHttpRequest.get("/healthz?x=y").build())).isTrue();
		assertThat(HealthCheck.is(MockServerHttpRequest.get(path).build())).isFalse();
	}

	private void assertProblem(String method, Problem problem) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> this.health.answer(exchange(method)).block())
			.satisfies((refused) -> assertThat(refused.problem()).isEqualTo(problem));
	}

	private static MockServerWebExchange exchange(String method) {
		return MockServerWebExchange.from(MockServerHttpRequest.method(HttpMethod.valueOf(method), "/healthz"));
	}

}

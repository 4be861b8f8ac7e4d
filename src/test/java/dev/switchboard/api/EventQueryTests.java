package dev.switchboard.api;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EventQueryTests {

	@ParameterizedTest
	@ValueSource(strings = { "agent", "subject", "agent=a&agent" })
	void shouldRefuseAParameterWithoutAValue(String query) {
		MockServerHttpRequest request = MockServerHttpRequest.get("/v1/tenants/acme/events?" + query).build();
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> EventQuery.of("acme", request))
			.satisfies((ex) -> assertThat(ex.problem()).isEqualTo(Problem.INVALID_REQUEST));
	}

}

package dev.switchboard.api;

import java.util.Map;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.web.server.ServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ApiRequestsTests {

	@Test
	void shouldReadTheAgentOfThePath() {
		ServerWebExchange exchange = TestExchanges.get(Map.of("tenant", "acme", "agent", "laptop"));
		assertThat(ApiRequests.agentId(exchange)).isEqualTo(new AgentId("acme", "laptop"));
		assertThat(ApiRequests.tenant(exchange)).isEqualTo("acme");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a b", "a/b", "ä" })
	void shouldRefuseAPathThatNamesNoAgent(String bad) {
		assertProblem(Problem.INVALID_REQUEST,
				() -> ApiRequests.agentId(TestExchanges.get(Map.of("tenant", bad, "agent", "laptop"))));
		assertProblem(Problem.INVALID_REQUEST,
				() -> ApiRequests.agentId(TestExchanges.get(Map.of("tenant", "acme", "agent", bad))));
		assertProblem(Problem.INVALID_REQUEST, () -> ApiRequests.tenant(TestExchanges.get(Map.of("tenant", bad))));
	}

	@Test
	void shouldReadTheCallOfThePath() {
		CallId id = CallId.parse("00000000-0000-4000-8000-000000000001");
		assertThat(ApiRequests.callId(TestExchanges.get(Map.of("id", id.toString())))).isEqualTo(id);
	}

	@Test
	void shouldNotKnowACallWhoseIdIsNone() {
		assertProblem(Problem.CALL_UNKNOWN, () -> ApiRequests.callId(TestExchanges.get(Map.of("id", "42"))));
	}

	private static void assertProblem(Problem problem, Runnable work) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(work::run)
			.extracting(ProblemException::problem)
			.isEqualTo(problem);
	}

}

package dev.switchboard.problem;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.switchboard.json.Payload;
import dev.switchboard.time.Chance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;

class ProblemWriterTests {

	private final ProblemWriter writer = new ProblemWriter(Chance.seeded(1), Duration.ofSeconds(5));

	private MockServerHttpResponse written(ProblemException problem) {
		MockServerHttpResponse response = new MockServerHttpResponse();
		this.writer.write(response, problem).block();
		return response;
	}

	@ParameterizedTest
	@EnumSource
	void shouldWriteEachProblemWithItsStatusAndType(Problem problem) {
		ProblemException failure = new ProblemException(problem, "So it is");
		MockServerHttpResponse response = written(failure);
		assertThat(response.getStatusCode()).isEqualTo(HttpStatus.valueOf(problem.status()));
		assertThat(response.getHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(response.getHeaders().getContentLength()).isEqualTo(failure.toJson().length);
		assertThat(response.getBodyAsString().block()).isEqualTo(new String(failure.toJson(), StandardCharsets.UTF_8))
			.contains("urn:switchboard:problem:" + problem.text(), "So it is", problem.outcome().text());
	}

	@ParameterizedTest
	@EnumSource
	void shouldSayWhenToRetryExactlyWhenARetryMayHelp(Problem problem) {
		boolean mayRetry = problem.status() == 429 || problem.status() == 503;
		HttpHeaders headers = written(new ProblemException(problem, "So it is")).getHeaders();
		assertThat(headers.containsHeader(HttpHeaders.RETRY_AFTER)).isEqualTo(mayRetry);
	}

	@Test
	void shouldSpreadRetriesOverTheDefaultTime() {
		assertThat(retries(new ProblemException(Problem.TOO_MANY_REQUESTS, "So it is"))).containsExactlyInAnyOrder("1",
				"2", "3", "4", "5");
	}

	@Test
	void shouldSpreadRetriesOverTheTimeThatTheThrowerKnows() {
		ProblemException problem = new ProblemException(Problem.UNAVAILABLE, "So it is");
		assertThat(retries(problem.retryWithin(Duration.ofSeconds(2)))).containsExactlyInAnyOrder("1", "2");
		assertThat(retries(problem.retryWithin(Duration.ZERO))).containsExactly("1");
	}

	@Test
	void shouldChallengeWhoeverIsNotAuthenticatedUnlessThereIsAChallenge() {
		ProblemException problem = new ProblemException(Problem.UNAUTHORIZED, "So it is");
		assertThat(written(problem).getHeaders().get(HttpHeaders.WWW_AUTHENTICATE)).containsExactly("Bearer");
		MockServerHttpResponse response = new MockServerHttpResponse();
		response.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
		this.writer.write(response, problem).block();
		assertThat(response.getHeaders().get(HttpHeaders.WWW_AUTHENTICATE))
			.containsExactly("Bearer error=\"invalid_token\"");
	}

	@Test
	void shouldWriteAProblemThatWasKept() {
		MockServerHttpResponse response = new MockServerHttpResponse();
		this.writer.write(response, 503, Payload.parse("{\"status\":503}")).block();
		assertThat(response.getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
		assertThat(response.getHeaders().getFirst(HttpHeaders.RETRY_AFTER)).matches("[1-5]");
		assertThat(response.getBodyAsString().block()).isEqualTo("{\"status\":503}");
	}

	private Set<String> retries(ProblemException problem) {
		return IntStream.range(0, 500)
			.mapToObj((_) -> written(problem).getHeaders().getFirst(HttpHeaders.RETRY_AFTER))
			.map(Objects::requireNonNull)
			.collect(Collectors.toSet());
	}

}

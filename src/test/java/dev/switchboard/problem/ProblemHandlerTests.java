package dev.switchboard.problem;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.netty.channel.AbortedException;
import reactor.test.StepVerifier;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import org.springframework.web.server.WebExceptionHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

@ExtendWith(OutputCaptureExtension.class)
class ProblemHandlerTests {

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private final WebExceptionHandler handler = new ProblemHandler(TestProblems.writer(),
			new ProblemMetrics(this.meters), TimeSource.SYSTEM);

	private final MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/v1/nodes"));

	private String answer(Throwable failure) {
		this.handler.handle(this.exchange, failure).block();
		return String.valueOf(this.exchange.getResponse().getBodyAsString().block());
	}

	static Stream<Arguments> failures() {
		return Stream.of(arguments(ProblemException.directoryDown(), Problem.UNAVAILABLE),
				arguments(new NotAcceptableStatusException(List.of()), Problem.NOT_ACCEPTABLE),
				arguments(new UnsupportedMediaTypeStatusException("no"), Problem.UNSUPPORTED_MEDIA_TYPE),
				arguments(new ResponseStatusException(HttpStatus.NOT_FOUND), Problem.NOT_FOUND),
				arguments(new ServerWebInputException("limit is no number"), Problem.INVALID_REQUEST),
				arguments(new InvalidMimeTypeException("", "secret"), Problem.INVALID_REQUEST),
				arguments(new IllegalStateException("secret"), Problem.INTERNAL_ERROR));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void shouldAnswerEachFailureWithItsProblem(Throwable failure, Problem problem) {
		assertThat(answer(failure)).contains("urn:switchboard:problem:" + problem.text()).doesNotContain("secret");
		assertThat(this.exchange.getResponse().getStatusCode()).isEqualTo(HttpStatus.valueOf(problem.status()));
		assertThat(this.meters.get("switchboard.problems").tag("problem", problem.text()).counter().count()).isOne();
	}

	@Test
	void shouldNameTheMethodsThatAreAllowed() {
		answer(new MethodNotAllowedException("PUT", Set.of(HttpMethod.GET)));
		assertThat(this.exchange.getResponse().getHeaders().getAllow()).containsExactly(HttpMethod.GET);
	}

	@Test
	void shouldSayWhatBodiesAreSupported() {
		answer(new UnsupportedMediaTypeStatusException("no"));
		HttpHeaders headers = this.exchange.getResponse().getHeaders();
		assertThat(headers.get(HttpHeaders.ACCEPT)).containsExactly("application/json");
		assertThat(headers.get(HttpHeaders.ACCEPT_ENCODING)).containsExactly("identity");
	}

	@Test
	void shouldLogNothingOfAProblem(CapturedOutput output) {
		answer(ProblemException.invalid("The body is empty"));
		assertThat(output).doesNotContain("The body is empty");
	}

	@Test
	void shouldLogTheCauseOfAnUnexpectedFailure(CapturedOutput output) {
		answer(new IllegalStateException("secret"));
		assertThat(output).contains("A request failed unexpectedly", "secret");
	}

	static Stream<Throwable> disconnects() {
		return Stream.of(new AbortedException("gone"), new IOException("Connection reset by peer"));
	}

	@ParameterizedTest
	@MethodSource("disconnects")
	void shouldNeitherAnswerNorLogOnceTheClientHasGone(Throwable failure, CapturedOutput output) {
		StepVerifier.create(this.handler.handle(this.exchange, failure)).verifyComplete();
		assertThat(output).doesNotContain("unexpectedly");
		assertThat(this.exchange.getResponse().isCommitted()).isFalse();
	}

	@Test
	void shouldPassOnTheFailureOfAResponseThatHasBegun() {
		this.exchange.getResponse().setComplete().block();
		IllegalStateException failure = new IllegalStateException("late");
		StepVerifier.create(this.handler.handle(this.exchange, failure))
			.verifyErrorSatisfies((it) -> assertThat(it).isSameAs(failure));
	}

	@Test
	void shouldLogAFaultOfManyRequestsOnce(CapturedOutput output) {
		for (int i = 0; i < 100; i++) {
			MockServerWebExchange another = MockServerWebExchange.from(MockServerHttpRequest.get("/v1/nodes"));
			this.handler.handle(another, new IllegalStateException("fault")).block();
			assertThat(another.getResponse().getStatusCode()).isEqualTo(HttpStatus.INTERNAL_SERVER_ERROR);
		}
		assertThat(output).containsOnlyOnce("A request failed unexpectedly");
	}

}

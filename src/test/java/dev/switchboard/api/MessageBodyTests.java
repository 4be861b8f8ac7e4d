package dev.switchboard.api;

import java.util.Objects;
import java.util.Set;

import dev.switchboard.problem.Problem;
import dev.switchboard.token.AllowedMethods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.web.server.ServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;

class MessageBodyTests {

	private static final long FRAME = 1000;

	private static final int LARGEST = 1000 + 16 * 1024;

	@Test
	void shouldPassThePayloadOnByteForByte() {
		String json = "{ \"payload\": {\"n\": 1e999} ,\"method\":\"m\", \"other\": []}";
		MessageBody body = Objects.requireNonNull(read(json).block());
		assertThat(body.method()).isEqualTo("m");
		assertThat(body.payload().text()).isEqualTo("{\"n\": 1e999}");
		assertThat(body.whole().text()).isEqualTo(json);
	}

	@Test
	void shouldTakeNullForAPayloadThatIsNotThere() {
		assertThat(Objects.requireNonNull(read("{\"method\":\"m\"}").block()).payload().text()).isEqualTo("null");
	}

	@ParameterizedTest
	@ValueSource(strings = { "gzip", "identity, br", "\"identity\"" })
	void shouldUndoNoContentCoding(String coding) {
		ServerWebExchange exchange = TestExchanges.post("{\"method\":\"m\"}", "Content-Encoding", coding);
		TestExchanges.assertProblem(MessageBody.read(exchange, FRAME), Problem.UNSUPPORTED_MEDIA_TYPE);
	}

	@Test
	void shouldTakeABodyThatIsCodedAsItself() {
		ServerWebExchange exchange = TestExchanges.post("{\"method\":\"m\"}", "Content-Encoding", "Identity, ,");
		assertThat(MessageBody.read(exchange, FRAME).block()).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", " ", "[]", "{\"method\":\"m\"", "{\"payload\":1}", "{\"method\":\"\"}", "{\"method\":1}" })
	void shouldRefuseABodyThatIsNoMessage(String json) {
		TestExchanges.assertProblem(read(json), Problem.INVALID_REQUEST);
	}

	@Test
	void shouldRefuseABodyThatIsAnnouncedTooLarge() {
		ServerWebExchange exchange = TestExchanges.post("{}", "Content-Length", String.valueOf(LARGEST + 1));
		TestExchanges.assertProblem(MessageBody.read(exchange, FRAME), Problem.PAYLOAD_TOO_LARGE);
	}

	@Test
	void shouldRefuseABodyThatComesTooLarge() {
		String largest = "{\"method\":\"m\"}" + " ".repeat(LARGEST - 14);
		assertThat(read(largest).block()).isNotNull();
		TestExchanges.assertProblem(read(largest + " "), Problem.PAYLOAD_TOO_LARGE);
	}

	@Test
	void shouldRefuseAMethodThatTheTokenDoesNotAllow() {
		ServerWebExchange exchange = TestExchanges.post("{\"method\":\"reboot\"}");
		new AllowedMethods(Set.of("config.*")).restrict(exchange);
		TestExchanges.assertProblem(MessageBody.read(exchange, FRAME), Problem.FORBIDDEN);
		assertThat(exchange.getResponse().getHeaders().getFirst("WWW-Authenticate"))
			.isEqualTo("Bearer error=\"insufficient_scope\"");
	}

	@Test
	void shouldTakeAMethodThatTheTokenAllows() {
		ServerWebExchange exchange = TestExchanges.post("{\"method\":\"config.get\"}");
		new AllowedMethods(Set.of("config.*")).restrict(exchange);
		assertThat(MessageBody.read(exchange, FRAME).block()).isNotNull();
	}

	private static Mono<MessageBody> read(String json) {
		return MessageBody.read(TestExchanges.post(json), FRAME);
	}

}

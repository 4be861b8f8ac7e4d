package dev.switchboard.api;

import java.security.Principal;
import java.time.Duration;
import java.util.Objects;

import dev.switchboard.call.CallRequest;
import dev.switchboard.problem.Problem;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.Chance;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.web.server.ServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;

class CallReaderTests {

	private static final String BODY = "{\"method\":\"m\",\"payload\":1}";

	private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

	private final CallReader reader = new CallReader(new CallHeaders(new CallSettings(Duration.ofSeconds(10))), 1000,
			Chance.seeded(1));

	@Test
	void shouldReadACall() {
		CallRequest call = read(TestExchanges.post(BODY, "traceparent", TRACE, "Switchboard-Timeout", "3"));
		assertThat(call.agent()).isEqualTo(new AgentId("acme", "laptop"));
		assertThat(call.call().frame().method()).isEqualTo("m");
		assertThat(call.call().frame().payload().text()).isEqualTo("1");
		assertThat(call.body().text()).isEqualTo(BODY);
		assertThat(call.call().frame().traceparent()).isEqualTo(TRACE);
		assertThat(call.options().timeToLive()).isEqualTo(Duration.ofSeconds(3));
		assertThat(call.options().isRecorded()).isFalse();
	}

	@Test
	void shouldGiveEachCallAnIdOfItsOwn() {
		assertThat(read(TestExchanges.post(BODY)).id()).isNotEqualTo(read(TestExchanges.post(BODY)).id());
	}

	@Test
	void shouldNameTheCallerOfARecordedCall() {
		ServerWebExchange exchange = TestExchanges.post(BODY, "Idempotency-Key", "k")
			.mutate()
			.principal(Mono.<Principal>just(() -> "alice"))
			.build();
		assertThat(read(exchange).caller()).isEqualTo("alice");
	}

	@Test
	void shouldNameACallerWithoutCredentials() {
		assertThat(read(TestExchanges.post(BODY, "Prefer", "respond-async")).caller()).isEqualTo("dev");
	}

	@Test
	void shouldRefuseABodyThatIsNoCall() {
		ServerWebExchange exchange = TestExchanges.post("{}");
		TestExchanges.assertProblem(this.reader.read(exchange, new Preferences(false, null)), Problem.INVALID_REQUEST);
	}

	private CallRequest read(ServerWebExchange exchange) {
		Preferences preferences = Preferences.of(exchange.getRequest().getHeaders());
		return Objects.requireNonNull(this.reader.read(exchange, preferences).block());
	}

}

package dev.switchboard.api;

import java.security.Principal;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;

import dev.switchboard.call.CallRequest;
import dev.switchboard.problem.Problem;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.time.Chance;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import org.springframework.web.server.ServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class CallReaderTests {

	private static final String BODY = "{\"method\":\"m\",\"payload\":1}";

	private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

	private final CallReader reader = new CallReader(new CallHeaders(new CallSettings(Duration.ofSeconds(10))), 1000,
			ByteBudget.unlimited(), new MessageQuotas(TenantLimits.unlimited(), 1000), Chance.seeded(1));

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

	@ParameterizedTest
	@MethodSource
	void shouldRefuseACallerThatACallCannotBeRecordedFor(String header, String value, @Nullable String name) {
		ServerWebExchange exchange = TestExchanges.post(BODY, header, value)
			.mutate()
			.principal(Mono.just(new Named(name)))
			.build();
		Preferences preferences = Preferences.of(exchange.getRequest().getHeaders());
		TestExchanges.assertProblem(this.reader.read(exchange, preferences), Problem.FORBIDDEN);
	}

	static Stream<Arguments> shouldRefuseACallerThatACallCannotBeRecordedFor() {
		return Stream.of(arguments("Idempotency-Key", "k", null), arguments("Idempotency-Key", "k", ""),
				arguments("Idempotency-Key", "k", "x".repeat(1025)),
				arguments("Idempotency-Key", "k", "\u00e4".repeat(513)), arguments("Idempotency-Key", "k", "\ud800"),
				arguments("Prefer", "respond-async", "x".repeat(1025)));
	}

	/** Credentials whose name may be missing, as Spring Security's may. */
	private record Named(@Nullable String name) implements Principal {

		@Override
		@SuppressWarnings("NullAway")
		public String getName() {
			return this.name;
		}

	}

	@Test
	void shouldRecordACallWithoutAKeyForACallerWithoutAName() {
		ServerWebExchange exchange = TestExchanges.post(BODY, "Prefer", "respond-async")
			.mutate()
			.principal(Mono.just(new Named(null)))
			.build();
		assertThat(read(exchange).caller()).isEmpty();
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

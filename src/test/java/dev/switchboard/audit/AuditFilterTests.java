package dev.switchboard.audit;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.time.TimeSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;

import static org.assertj.core.api.Assertions.assertThat;

class AuditFilterTests {

	private static final String PATTERN = "/v1/tenants/{tenant}/agents/{agent}/calls";

	private static final Payload PAYLOAD = Payload.of("{\"pin\": 4711}".getBytes(StandardCharsets.UTF_8));

	private final Logger logger = (Logger) LoggerFactory.getLogger("switchboard.audit");

	private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

	private final AuditFilter filter = new AuditFilter(TimeSource.SYSTEM);

	@BeforeEach
	void listen() {
		this.lines.start();
		this.logger.addAppender(this.lines);
	}

	@AfterEach
	void stop() {
		this.logger.detachAppender(this.lines);
	}

	@Test
	void shouldSayWhoSentWhatFromWhereAndHowItEnded() {
		audit(HttpMethod.POST, (exchange) -> {
			route(exchange);
			AuditedExchange.caller(exchange, caller());
			ServerWebExchange audited = AuditedExchange.of(exchange);
			AuditedExchange.message(audited, "config.set", PAYLOAD);
			audited.getResponse().setStatusCode(HttpStatus.OK);
			AuditedExchange.answer(audited.getResponse(), 200, Payload
				.of("{\"id\":\"1\",\"outcome\":\"completed\",\"payload\":2}".getBytes(StandardCharsets.UTF_8)));
			return Mono.empty();
		});

		JsonNode line = line();
		assertThat(line.get("action").asString()).isEqualTo("POST " + PATTERN);
		assertThat(line.get("tenant").asString()).isEqualTo("acme");
		assertThat(line.get("agent").asString()).isEqualTo("till-1");
		assertThat(line.get("sub").asString()).isEqualTo("bob");
		assertThat(line.get("iss").asString()).isEqualTo("https://issuer.example");
		assertThat(line.get("from").asString()).isEqualTo("192.0.2.7");
		assertThat(line.get("method").asString()).isEqualTo("config.set");
		assertThat(line.get("payloadBytes").asInt()).isEqualTo(13);
		assertThat(line.get("payloadSha256").asString())
			.isEqualTo("a5625877ba9f4849f5e599c5d500d19df0b2bf8bdc46cabb87b6583d5cf18368");
		assertThat(line.get("id").asString()).isEqualTo("1");
		assertThat(line.get("status").asInt()).isEqualTo(200);
		assertThat(line.get("outcome").asString()).isEqualTo("completed");
		assertThat(line.has("problem")).isFalse();
		assertThat(line.toString()).doesNotContain("4711");
	}

	@Test
	void shouldSayInWhichProblemARequestEnded() {
		audit(HttpMethod.POST, (exchange) -> {
			route(exchange);
			return Mono.error(new ProblemException(Problem.AGENT_UNKNOWN, "Never seen"));
		});

		assertThat(line().get("status").asInt()).isEqualTo(404);
		assertThat(line().get("problem").asString()).isEqualTo("agent-unknown");
		assertThat(line().get("outcome").asString()).isEqualTo("not_sent");
	}

	@Test
	void shouldSayThatACallerHungUp() {
		audit(HttpMethod.POST, (exchange) -> {
			route(exchange);
			return Mono.never();
		});

		assertThat(line().get("callerGone").asBoolean()).isTrue();
	}

	@Test
	void shouldAuditARequestThatNoControllerGot() {
		audit(HttpMethod.DELETE, (_) -> Mono.error(new ProblemException(Problem.FORBIDDEN, "No")));

		assertThat(line().get("action").asString()).isEqualTo("DELETE /v1/tenants/acme/agents/till-1/calls");
		assertThat(line().get("status").asInt()).isEqualTo(403);
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "HEAD", "OPTIONS" })
	void shouldNotAuditRequestsThatOnlyRead(String method) {
		audit(HttpMethod.valueOf(method), (exchange) -> {
			assertThat(AuditedExchange.of(exchange)).isSameAs(exchange);
			return Mono.empty();
		});

		assertThat(this.lines.list).isEmpty();
	}

	@Test
	void shouldBoundWhatAPeerChooses() {
		audit(HttpMethod.POST, (exchange) -> {
			AuditedExchange.message(AuditedExchange.of(exchange), "m\r\nforged: \u0000" + "x".repeat(200_000), PAYLOAD);
			return Mono.empty();
		});

		assertThat(this.lines.list.getFirst().getFormattedMessage()).hasSizeLessThan(2000)
			.doesNotContain("\r", "\n", "\0");
	}

	private void audit(HttpMethod method, WebFilterChain chain) {
		MockServerWebExchange exchange = MockServerWebExchange
			.from(MockServerHttpRequest.method(method, "/v1/tenants/acme/agents/till-1/calls")
				.remoteAddress(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 4000)));
		// A request that has not ended by now has a caller that hangs up.
		this.filter.filter(exchange, chain).onErrorComplete().subscribe().dispose();
	}

	private static void route(ServerWebExchange exchange) {
		exchange.getAttributes().put(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, PATTERN);
		exchange.getAttributes()
			.put(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE, Map.of("tenant", "acme", "agent", "till-1"));
	}

	private static JwtAuthenticationToken caller() {
		Jwt token = Jwt.withTokenValue("secret")
			.header("alg", "none")
			.subject("bob")
			.issuer("https://issuer.example")
			.expiresAt(Instant.MAX)
			.build();
		return new JwtAuthenticationToken(token);
	}

	private JsonNode line() {
		assertThat(this.lines.list).hasSize(1);
		return JsonMapper.shared().readTree(this.lines.list.getFirst().getFormattedMessage());
	}

}

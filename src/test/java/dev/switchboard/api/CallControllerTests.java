package dev.switchboard.api;

import java.time.Duration;

import dev.switchboard.call.TestRecording;
import dev.switchboard.connection.Answer;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.problem.ProblemWriter;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.routing.Call;
import dev.switchboard.routing.TestRouting;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;

class CallControllerTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop");

	private static final String BODY = "{\"method\":\"m\",\"payload\":1}";

	private static final String[] ASYNC = { "Prefer", "respond-async" };

	private final TestRouting routing = new TestRouting();

	private final TestRecording recording = new TestRecording(this.routing.router);

	private final Sinks.One<Answer> agent = Sinks.one();

	private final CallController controller = new CallController(this.recording.calls, this.recording.recorder,
			new CallReader(new CallHeaders(new CallSettings(Duration.ofSeconds(10))), 1000, ByteBudget.unlimited(),
					new MessageQuotas(TenantLimits.unlimited(), 1000), Chance.SYSTEM),
			new ProblemWriter(Chance.SYSTEM, Duration.ofSeconds(5)), TimeSource.SYSTEM);

	private VirtualTimeScheduler time;

	@BeforeEach
	void connect() {
		this.time = VirtualTimeScheduler.getOrSet();
		this.routing.add(AGENT, true);
		this.routing.answer(this.agent.asMono());
	}

	@AfterEach
	void giveTimeBack() {
		VirtualTimeScheduler.reset();
	}

	@Test
	void shouldAnswerWithTheAgentsResult() {
		complete("{\"x\" : 0.10}");
		ServerWebExchange exchange = TestExchanges.post(BODY, "Prefer", "wait=5");
		assertThat(call(exchange))
			.isEqualTo("200 {\"id\":\"" + id() + "\",\"outcome\":\"completed\",\"payload\":{\"x\" : 0.10}}");
		assertThat(exchange.getResponse().getHeaders().getFirst("Preference-Applied")).isEqualTo("wait=5");
	}

	@Test
	void shouldAnswerWithTheProblemOfACallThatFailed() {
		this.agent.tryEmitError(new ProblemException(Problem.AGENT_DISCONNECTED, "Gone"));
		ServerWebExchange exchange = TestExchanges.post(BODY);
		assertThat(call(exchange)).startsWith("502 ").contains("\"callId\":\"" + id() + "\"");
		assertThat(exchange.getResponse().getHeaders().getContentType()).hasToString("application/problem+json");
	}

	@Test
	void shouldCancelTheCallOfACallerThatHangsUp() {
		Sinks.Empty<Void> cancelled = Sinks.empty();
		this.routing.answer(this.agent.asMono().doOnCancel(cancelled::tryEmitEmpty));
		this.controller.call(TestExchanges.post(BODY)).subscribe().dispose();
		StepVerifier.create(cancelled.asMono()).verifyComplete();
	}

	@Test
	void shouldStreamToACallerThatPrefersIt() {
		complete("2");
		ServerWebExchange exchange = TestExchanges.post(BODY, "Accept", "application/x-ndjson");
		this.routing.answer(Mono.defer(() -> {
			((Call) this.routing.verbs.getFirst()).chunks().accept(Payload.parse("1"));
			return this.agent.asMono();
		}));
		assertThat(call(exchange)).startsWith("200 {\"chunk\":1}\n{\"id\":").endsWith("\"payload\":2}");
		assertThat(exchange.getResponse().getHeaders().getContentType()).hasToString("application/x-ndjson");
		assertThat(exchange.getResponse().getHeaders().getCacheControl()).isEqualTo("no-store");
	}

	@Test
	void shouldAnswerAnAsynchronousCallAtOnce() {
		ServerWebExchange exchange = TestExchanges.post(BODY, ASYNC);
		assertThat(call(exchange)).isEqualTo("202 {\"id\":\"" + id() + "\",\"outcome\":\"pending\"}");
		assertThat(exchange.getResponse().getHeaders().getFirst(HttpHeaders.LOCATION))
			.isEqualTo("/v1/tenants/acme/calls/" + id());
	}

	@Test
	void shouldAnswerAnAsynchronousCallWithAResultThatComesInTime() {
		complete("5");
		assertThat(call(TestExchanges.post(BODY, "Prefer", "respond-async, wait=20"))).startsWith("200 ")
			.contains("\"payload\":5");
	}

	@Test
	void shouldAnswerAnAsynchronousCallWhenTheWaitIsOver() {
		ServerWebExchange exchange = TestExchanges.post(BODY, "Prefer", "respond-async, wait=20");
		Mono<Void> handled = this.controller.call(exchange).cache();
		handled.subscribe();
		this.time.advanceTimeBy(Duration.ofSeconds(19));
		assertThat(exchange.getResponse().isCommitted()).isFalse();
		this.time.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(TestExchanges.answer(handled, exchange)).startsWith("202 ");
	}

	@Test
	void shouldNotAcceptAnAsynchronousCallToAnAgentThatIsOffline() {
		this.routing.add(AGENT, false);
		TestExchanges.assertProblem(this.controller.call(TestExchanges.post(BODY, ASYNC)), Problem.AGENT_OFFLINE);
	}

	@Test
	void shouldRunACallWithAKeyOnceForAllItsCallers() {
		complete("1");
		String first = call(TestExchanges.post(BODY, "Idempotency-Key", "k"));
		assertThat(first).startsWith("200 ");
		assertThat(call(TestExchanges.post(BODY, "Idempotency-Key", "k"))).isEqualTo(first);
		assertThat(this.routing.verbs).hasSize(1);
	}

	@Test
	void shouldGoOnWithAKeyWhenTheCallerHangsUp() {
		this.controller.call(TestExchanges.post(BODY, "Idempotency-Key", "k")).subscribe().dispose();
		complete("1");
		assertThat(call(TestExchanges.post(BODY, "Idempotency-Key", "k"))).contains(id().toString());
		assertThat(this.routing.verbs).hasSize(1);
	}

	@Test
	void shouldNotWaitLongerThanItsOwnWaitForACallThatItJoined() {
		this.controller.call(TestExchanges.post(BODY, "Idempotency-Key", "k")).subscribe();
		Mono<Void> joined = this.controller.call(TestExchanges.post(BODY, "Idempotency-Key", "k", "Prefer", "wait=2"))
			.cache();
		joined.subscribe(null, (_) -> {
		});
		this.time.advanceTimeBy(Duration.ofSeconds(3));
		TestExchanges.assertProblem(joined, Problem.DEADLINE_EXCEEDED);
	}

	@Test
	void shouldRefuseAnotherBodyUnderTheSameKey() {
		complete("1");
		call(TestExchanges.post(BODY, "Idempotency-Key", "k"));
		TestExchanges.assertProblem(
				this.controller.call(TestExchanges.post("{\"method\":\"other\"}", "Idempotency-Key", "k")),
				Problem.IDEMPOTENCY_MISMATCH);
	}

	private void complete(String payload) {
		this.agent.tryEmitValue(new Answer.Completed(Payload.parse(payload)));
	}

	private String call(ServerWebExchange exchange) {
		return TestExchanges.answer(this.controller.call(exchange), exchange);
	}

	private CallId id() {
		return ((Call) this.routing.verbs.getFirst()).id();
	}

}

package dev.switchboard.api;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import dev.switchboard.call.CallRequest;
import dev.switchboard.call.TestRecording;
import dev.switchboard.connection.Answer;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Problem;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.routing.TestRouting;
import dev.switchboard.time.Chance;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

import org.springframework.web.server.ServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;

class RecordedCallControllerTests {

	private final TestRouting routing = new TestRouting();

	private final TestRecording recording = new TestRecording(this.routing.router);

	private final Sinks.One<Answer> agent = Sinks.one();

	private final RecordedCallController controller = new RecordedCallController(this.recording.recorder);

	private CallId id;

	@BeforeEach
	void startACall() {
		this.routing.add(new AgentId("acme", "laptop"), true);
		this.routing.answer(this.agent.asMono());
		CallReader reader = new CallReader(new CallHeaders(new CallSettings(Duration.ofSeconds(10))), 1000,
				ByteBudget.unlimited(), new MessageQuotas(TenantLimits.unlimited(), 1000), Chance.SYSTEM);
		CallRequest request = Objects
			.requireNonNull(reader.read(TestExchanges.post("{\"method\":\"m\"}"), new Preferences(true, null)).block());
		this.recording.recorder.start(request).subscribe();
		this.id = request.id();
	}

	@Test
	void shouldShowAPendingCall() {
		assertThat(get()).isEqualTo("200 {\"id\":\"" + this.id + "\",\"outcome\":\"pending\"}");
	}

	@Test
	void shouldShowTheOutcomeOfACallThatHasEnded() {
		this.agent.tryEmitValue(new Answer.Completed(Payload.parse("1")));
		assertThat(get()).isEqualTo("200 {\"id\":\"" + this.id + "\",\"outcome\":\"completed\",\"payload\":1}");
	}

	@Test
	void shouldCancelAPendingCall() {
		ServerWebExchange exchange = exchange("acme", this.id);
		String cancelled = TestExchanges.answer(this.controller.cancel(exchange), exchange);
		assertThat(cancelled).startsWith("200 ").contains("\"outcome\":\"cancelled\"");
		assertThat(get()).isEqualTo(cancelled);
	}

	@Test
	void shouldNotKnowCallsOfOtherTenants() {
		TestExchanges.assertProblem(this.controller.get(exchange("other", this.id)), Problem.CALL_UNKNOWN);
		TestExchanges.assertProblem(this.controller.cancel(exchange("acme", TestIds.call())), Problem.CALL_UNKNOWN);
	}

	private String get() {
		ServerWebExchange exchange = exchange("acme", this.id);
		return TestExchanges.answer(this.controller.get(exchange), exchange);
	}

	private static ServerWebExchange exchange(String tenant, CallId id) {
		return TestExchanges.get(Map.of("tenant", tenant, "id", id.toString()));
	}

}

package dev.switchboard.call;

import dev.switchboard.connection.Answer;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.routing.TestRouting;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CallServiceTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop");

	private static final Answer ANSWER = new Answer.Completed(Payload.NULL);

	private final TestRouting routing = new TestRouting();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final CallService calls = new CallService(this.routing.router,
			new CallMetrics(this.meters, TimeSource.SYSTEM, (_) -> {
			}), new HeldCalls(ByteBudget.unlimited()), TenantLimits.unlimited());

	@Test
	void shouldRunAndCountACall() {
		this.routing.add(AGENT, true);
		this.routing.answer(Mono.just(ANSWER));
		CallRequest request = TestCalls.request(AGENT, null, Payload.NULL);
		assertThat(this.calls.call(request).block()).isEqualTo(ANSWER);
		assertThat(this.routing.verbs).hasSize(1);
		assertThat(count("completed")).isEqualTo(1);
	}

	@Test
	void shouldCountACallThatWasNotSent() {
		this.routing.add(AGENT, false);
		assertProblem(this.calls.call(TestCalls.request(AGENT, null, Payload.NULL)), Problem.AGENT_OFFLINE);
		assertThat(count("not_sent")).isEqualTo(1);
	}

	@Test
	void shouldCheckWhetherACallCouldStart() {
		CallRequest request = TestCalls.request(AGENT, null, Payload.NULL);
		assertProblem(this.calls.check(request), Problem.AGENT_UNKNOWN);
		this.routing.add(AGENT, false);
		assertProblem(this.calls.check(request), Problem.AGENT_OFFLINE);
		this.routing.add(AGENT, true);
		assertThat(this.calls.check(request).blockOptional()).isEmpty();
		assertThat(this.routing.verbs).isEmpty();
	}

	private long count(String outcome) {
		return this.meters.get("switchboard.calls").tag("outcome", outcome).timer().count();
	}

	private static void assertProblem(Mono<?> call, Problem problem) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(call::block)
			.extracting(ProblemException::problem)
			.isEqualTo(problem);
	}

}

package dev.switchboard.diagnosis;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;

import dev.switchboard.call.EndedCall;
import dev.switchboard.problem.Problem;
import dev.switchboard.time.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RecentCallsTests {

	private final ManualTime time = new ManualTime();

	private final AgentHistories histories = new AgentHistories(1000, TestEvents.NODE, this.time::now, this.time,
			new SimpleMeterRegistry());

	private final RecentCalls calls = new RecentCalls(this.histories, this.time);

	@Test
	void shouldRememberWhenACallBeganAndHowItEnded() {
		this.time.advance(Duration.ofMinutes(5));
		EndedCall call = TestEvents.completed("laptop");
		this.calls.ended(call);
		this.calls.move();
		assertThat(this.histories.of(call.agent()).calls())
			.containsExactly(new RecentCall(Instant.EPOCH, call.id().toString(), "m", "completed", null, 1));
	}

	@Test
	void shouldKeepAFailureAmongManyAnswers() {
		EndedCall failed = TestEvents.failed("laptop", Problem.AGENT_OFFLINE);
		this.calls.ended(failed);
		IntStream.range(0, 10_000).forEach((_) -> this.calls.ended(TestEvents.completed("desktop")));
		this.calls.move();
		assertThat(this.histories.of(failed.agent()).calls()).extracting(RecentCall::problem)
			.containsExactly("agent-offline");
		assertThat(this.histories.of(TestEvents.agent("desktop")).calls()).hasSize(Event.MOST);
	}

	@Test
	void shouldRememberNoCallOfAnAgentThatDoesNotExist() {
		this.calls.ended(TestEvents.failed("madeup", Problem.AGENT_UNKNOWN));
		this.calls.move();
		assertThat(this.histories.of(TestEvents.agent("madeup"))).isEqualTo(AgentHistory.NONE);
	}

}

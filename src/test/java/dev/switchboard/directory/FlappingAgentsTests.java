package dev.switchboard.directory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.node.DirectoryClock;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FlappingAgentsTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop");

	private final ManualTime time = new ManualTime();

	private final DirectoryClock clock = new DirectoryClock(this.time);

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final List<Integer> heard = new ArrayList<>();

	private final FlappingAgents flapping = new FlappingAgents(this.clock, this.time, this.meters,
			List.of((_, streak) -> this.heard.add(streak.count())));

	private void superseded(int count) {
		this.flapping.add(AGENT, new SupersedeStreak(count, this.clock.now()));
	}

	@Test
	void shouldContainAnAgentThatWasSupersededOftenAndLately() {
		assertThat(this.flapping.contains(AGENT)).isFalse();
		superseded(3);
		assertThat(this.flapping.contains(AGENT)).isTrue();
	}

	@Test
	void shouldForgetAnAgentAfterAWhile() {
		superseded(3);
		this.time.advance(SupersedeStreak.MEMORY.minusMillis(1));
		assertThat(this.flapping.contains(AGENT)).isTrue();
		this.time.advance(Duration.ofMillis(1));
		assertThat(this.flapping.contains(AGENT)).isFalse();
	}

	@Test
	void shouldIgnoreAnAgentThatWasSupersededNowAndThen() {
		superseded(2);
		assertThat(this.flapping.contains(AGENT)).isFalse();
		assertThat(this.meters.counter("switchboard.agents.flapping").count()).isZero();
	}

	@Test
	void shouldRememberAnAgentThatFlappedOnAnotherNodeWithoutCountingIt() {
		this.flapping.remember(AGENT, new SupersedeStreak(3, this.clock.now()));
		assertThat(this.flapping.contains(AGENT)).isTrue();
		assertThat(this.meters.counter("switchboard.agents.flapping").count()).isZero();
	}

	@Test
	void shouldCountEachTime() {
		superseded(3);
		superseded(4);
		assertThat(this.meters.counter("switchboard.agents.flapping").count()).isEqualTo(2);
		assertThat(this.heard).containsExactly(3, 4);
	}

}

package dev.switchboard.forwarding;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

import dev.switchboard.directory.Superseded;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.routing.ForwardException;
import dev.switchboard.time.Chance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SupersedeNoticesTests {

	private static final NodeId OWNER = TestIds.node();

	private final List<Map<AgentId, Long>> sent = new ArrayList<>();

	private final Deque<Sinks.Empty<Void>> answers = new ArrayDeque<>();

	private NodeState state = NodeState.UP;

	private final SupersedeNotices notices = new SupersedeNotices((_) -> Mono.just(owner()), (node, agents) -> {
		this.sent.add(agents.epochs());
		Sinks.Empty<Void> answer = Sinks.empty();
		this.answers.add(answer);
		return answer.asMono();
	}, Chance.seeded(1));

	@BeforeEach
	void startTime() {
		VirtualTimeScheduler.getOrSet();
	}

	@AfterEach
	void stopTime() {
		VirtualTimeScheduler.reset();
	}

	private NodeRecord owner() {
		return new NodeRecord(OWNER, "127.0.0.1", 1, null, this.state, 0, 1, Instant.EPOCH, Duration.ofSeconds(15));
	}

	private static AgentId agent(int i) {
		return new AgentId("acme", "a" + i);
	}

	private void superseded(int agent, long epoch) {
		this.notices.superseded(new Superseded(OWNER, agent(agent), epoch));
	}

	private static void pass(Duration time) {
		VirtualTimeScheduler.get().advanceTimeBy(time);
	}

	@Test
	void shouldTellTheNodeAtOnce() {
		superseded(1, 10);
		assertThat(this.sent).containsExactly(Map.of(agent(1), 10L));
	}

	@Test
	void shouldTellTogetherWhatCameMeanwhile() {
		superseded(1, 10);
		superseded(2, 20);
		superseded(2, 21);
		superseded(3, 30);
		assertThat(this.sent).hasSize(1);
		this.answers.remove().tryEmitEmpty();
		assertThat(this.sent).last().isEqualTo(Map.of(agent(2), 21L, agent(3), 30L));
		this.answers.remove().tryEmitEmpty();
		superseded(4, 40);
		assertThat(this.sent).last().isEqualTo(Map.of(agent(4), 40L));
	}

	@Test
	void shouldTellAgainOfAnAgentThatWasSupersededAnewMeanwhile() {
		superseded(1, 10);
		superseded(1, 20);
		this.answers.remove().tryEmitEmpty();
		assertThat(this.sent).containsExactly(Map.of(agent(1), 10L), Map.of(agent(1), 20L));
	}

	@Test
	void shouldTellUntilTheNodeHasHeard() {
		superseded(1, 10);
		for (int i = 0; i < 10; i++) {
			this.answers.remove().tryEmitError(new ForwardException(ForwardException.Reason.LOST));
			pass(Duration.ofSeconds(5));
		}
		assertThat(this.sent).hasSize(11).containsOnly(Map.of(agent(1), 10L));
		this.answers.remove().tryEmitEmpty();
		pass(Duration.ofMinutes(1));
		assertThat(this.sent).hasSize(11);
	}

	@Test
	void shouldGiveADeadNodeUp() {
		superseded(1, 10);
		this.state = NodeState.DEAD;
		this.answers.remove().tryEmitError(new ForwardException(ForwardException.Reason.UNSENT));
		pass(Duration.ofMinutes(1));
		superseded(2, 20);
		assertThat(this.sent).hasSize(1);
	}

	@Test
	void shouldBoundAMessage() {
		superseded(0, 1);
		for (int i = 1; i <= SupersedeNotices.MAX_IN_MESSAGE + 1; i++) {
			superseded(i, 1);
		}
		this.answers.remove().tryEmitEmpty();
		this.answers.remove().tryEmitEmpty();
		assertThat(this.sent).extracting(Map::size).containsExactly(1, SupersedeNotices.MAX_IN_MESSAGE, 1);
	}

	@Test
	void shouldReadWhatItWrote() {
		SupersededAgents agents = new SupersededAgents(
				Map.of(agent(1), 1_800_000_000_000_000L, new AgentId("t:_-.", "X"), 2L));
		assertThat(SupersededAgents.read(agents.message())).isEqualTo(agents);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> SupersededAgents.read(new byte[] { 'a', '/', 'b', ' ', 'c' }));
		assertThatIllegalArgumentException().isThrownBy(() -> SupersededAgents.read(new byte[] { 'a', ' ', '1' }));
	}

}

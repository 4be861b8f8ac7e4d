package dev.switchboard.fanout;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class NodeQueuesTests {

	private final NodeQueues queues = new NodeQueues();

	@Test
	void shouldTakeTheAgentsOfANodeInTheirOrder() {
		add(1, "a", "b", "c");
		assertThat(take(10, true)).containsExactly("a", "b", "c");
		assertThat(this.queues.isEmpty()).isTrue();
		assertThat(this.queues.next(10, true)).isNull();
	}

	@Test
	void shouldTakeFromTheNodeWithTheFewestInFlight() {
		add(1, "a1", "a2", "a3", "a4");
		add(2, "b1", "b2");
		assertThat(take(4, true)).containsExactlyInAnyOrder("a1", "a2", "b1", "b2");
		add(2, "b3");
		NodeQueues.Next next = this.queues.next(1, true);
		Objects.requireNonNull(next).from().ended();
		add(3, "c1");
		assertThat(take(1, true)).containsExactly("c1");
	}

	@Test
	void shouldKeepAPartOfTheWindowForNodesThatAreNotFoundYet() {
		add(1, "a", "b", "c", "d", "e", "f", "g", "h");
		assertThat(take(8, false)).hasSize(4);
		add(2, "x", "y", "z");
		assertThat(take(4, false)).containsExactly("x", "y");
		assertThat(take(2, true)).containsExactly("z", "e");
	}

	@Test
	void shouldBeginWithAWindowOfOneBeforeAllAreFound() {
		add(1, "a", "b");
		assertThat(take(1, false)).containsExactly("a");
	}

	@Test
	void shouldDropWhatWaits() {
		add(1, "a", "b");
		add(2, "x");
		assertThat(List.of(name(this.queues.drop()), name(this.queues.drop()), name(this.queues.drop())))
			.containsExactlyInAnyOrder("a", "b", "x");
		assertThat(this.queues.drop()).isNull();
		assertThat(this.queues.isEmpty()).isTrue();
	}

	private void add(int node, String... agents) {
		for (String agent : agents) {
			this.queues.add(new NodeId(new UUID(0, node)), new AgentId("acme", agent));
		}
	}

	/** Takes as many as a window takes. */
	private List<String> take(int free, boolean complete) {
		List<String> taken = new ArrayList<>();
		while (taken.size() < free) {
			NodeQueues.Next next = this.queues.next(free - taken.size(), complete);
			if (next == null) {
				break;
			}
			taken.add(next.agent().agent());
		}
		return taken;
	}

	private static String name(@Nullable AgentId agent) {
		return Objects.requireNonNull(agent).agent();
	}

}

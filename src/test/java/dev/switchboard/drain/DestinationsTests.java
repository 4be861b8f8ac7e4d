package dev.switchboard.drain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.node.NodeTraits;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.time.Chance;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DestinationsTests {

	private static final NodeId SELF = TestIds.node();

	private final Chance chance = Chance.seeded(7);

	@Test
	void shouldLeaveOutThisNodeAndNodesThatTakeNoAgents() {
		NodeRecord up = node(TestIds.node(), NodeState.UP, 0, null, 10);
		NodeRecord stale = node(TestIds.node(), NodeState.UP, 0, null, 10);
		List<NodeRecord> all = List.of(node(SELF, NodeState.UP, 0, null, 10), up, stale,
				node(TestIds.node(), NodeState.DRAINING, 0, null, 10),
				node(TestIds.node(), NodeState.DEAD, 0, null, 10));
		assertThat(Destinations.among(all, SELF, (node) -> !node.equals(stale), 1).nodes()).containsExactly(up);
	}

	@Test
	void shouldBeNoneOnlyIfTheDirectoryHasAnswered() {
		assertThat(Destinations.among(List.of(), SELF, (_) -> true, 1).areNone()).isTrue();
		assertThat(Destinations.unknown(1).areNone()).isFalse();
	}

	@Test
	void shouldAddUpTheHandshakeRates() {
		NodeRecord old = new NodeRecord(TestIds.node(), "127.0.0.1", 1, null, NodeState.UP, 0, 100, Instant.EPOCH,
				Duration.ofSeconds(15));
		assertThat(among(node(TestIds.node(), NodeState.UP, 0, null, 300), old).handshakeRate()).isEqualTo(350);
		assertThat(Destinations.unknown(50).handshakeRate()).isEqualTo(50);
	}

	@Test
	void shouldDrawEmptierNodesMoreOften() {
		Destinations nodes = among(node(TestIds.node(), NodeState.UP, 70, "ws://full", 1),
				node(TestIds.node(), NodeState.UP, 10, "ws://empty", 1));
		long empty = IntStream.range(0, 1000).filter((_) -> "ws://empty".equals(nodes.drawUrl(this.chance))).count();
		assertThat(empty).isBetween(700L, 800L);
	}

	@Test
	void shouldDrawEveryNodeIfAllAreFull() {
		Destinations nodes = among(node(TestIds.node(), NodeState.UP, 100, "ws://one", 1),
				node(TestIds.node(), NodeState.UP, 120, "ws://two", 1));
		assertThat(IntStream.range(0, 100).mapToObj((_) -> nodes.drawUrl(this.chance))).contains("ws://one",
				"ws://two");
	}

	@Test
	void shouldNameNoUrlForANodeWithoutOne() {
		assertThat(among(node(TestIds.node(), NodeState.UP, 0, null, 1)).drawUrl(this.chance)).isNull();
		assertThat(Destinations.unknown(1).drawUrl(this.chance)).isNull();
	}

	private static Destinations among(NodeRecord... nodes) {
		return Destinations.among(List.of(nodes), SELF, (_) -> true, 50);
	}

	private static NodeRecord node(NodeId id, NodeState state, int connections, @Nullable String url, int rate) {
		return new NodeRecord(id, "127.0.0.1", 8070, url, state, connections, 100, Instant.EPOCH,
				Duration.ofSeconds(15), new NodeTraits("1", null, rate, Instant.EPOCH, null));
	}

}

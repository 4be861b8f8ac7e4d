package dev.switchboard.rebalance;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.node.NodeTraits;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;

/** Records of nodes. The number of a node is in its id. */
final class TestNodes {

	static final int CAPACITY = 200_000;

	private TestNodes() {
	}

	static NodeId id(int number) {
		return new NodeId(new UUID(0, number));
	}

	/** Nodes 0, 1, 2, ... that are up, with so many connections. */
	static List<NodeRecord> up(int... connections) {
		return IntStream.range(0, connections.length).mapToObj((i) -> up(i, connections[i], CAPACITY)).toList();
	}

	static NodeRecord up(int number, int connections, int capacity) {
		return node(number, NodeState.UP, connections, capacity, null);
	}

	static NodeRecord node(int number, NodeState state, int connections, int capacity, @Nullable String url) {
		return new NodeRecord(id(number), "127.0.0.1", 8070, url, state, connections, capacity, Instant.EPOCH,
				Duration.ofSeconds(15), new NodeTraits("1", null, 5000, Instant.EPOCH, null));
	}

	static RebalancePlan plan(List<NodeRecord> nodes) {
		return RebalancePlan.of(nodes, (_) -> true);
	}

	static RebalancePlan plan(int... connections) {
		return plan(up(connections));
	}

}

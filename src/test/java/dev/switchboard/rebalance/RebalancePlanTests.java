package dev.switchboard.rebalance;

import java.util.List;

import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class RebalancePlanTests {

	@Test
	void shouldMoveWhatTheFullNodesHaveTooMuchToTheEmptyOne() {
		RebalancePlan plan = TestNodes.plan(1000, 1000, 1000, 0);
		assertThat(plan.moves()).containsExactly(move(0, 3, 250), move(1, 3, 250), move(2, 3, 250));
		assertThat(plan.spread()).isCloseTo(1, within(1e-9));
	}

	// nats-server 1556: after a rolling restart the counts stay uneven.
	@Test
	void shouldLevelWhatARollingRestartLeaves() {
		assertThat(TestNodes.plan(450, 270, 0).moves()).containsExactly(move(0, 2, 210), move(1, 2, 30));
	}

	// jsm.go 748, nats.java 1184: of two nodes, one moved all its clients to the other.
	@Test
	void shouldMoveOnlyHalfOfTheAgentsToASecondNode() {
		assertThat(TestNodes.plan(1000, 0).moves()).containsExactly(move(0, 1, 500));
		assertThat(TestNodes.plan(500, 500).moves()).isEmpty();
	}

	@Test
	void shouldBeTheSameOnAllNodes() {
		List<NodeRecord> nodes = TestNodes.up(700, 20, 300, 0, 980);
		assertThat(TestNodes.plan(nodes).moves()).isEqualTo(TestNodes.plan(nodes).moves());
		assertThat(TestNodes.plan(nodes).moves().stream().mapToInt(Move::agents).sum()).isEqualTo(300 + 580);
	}

	@Test
	void shouldFillNoNodeBeyondItsCapacity() {
		RebalancePlan plan = TestNodes
			.plan(List.of(TestNodes.up(0, 1000, 2000), TestNodes.up(1, 0, 200), TestNodes.up(2, 400, 2000)));
		assertThat(plan.moves()).containsExactly(move(0, 1, 190), move(0, 2, 205));
		assertThat(TestNodes
			.plan(List.of(TestNodes.up(0, 605, 2000), TestNodes.up(1, 190, 200), TestNodes.up(2, 605, 2000)))
			.spread()).isZero();
	}

	@Test
	void shouldMoveNoAgentToFullNodes() {
		assertThat(TestNodes.plan(List.of(TestNodes.up(0, 1000, 1000), TestNodes.up(1, 190, 200))).moves()).isEmpty();
	}

	@Test
	void shouldLeaveOutNodesThatAreNotUpOrPastTheirLease() {
		List<NodeRecord> nodes = List.of(TestNodes.up(0, 1000, 5000), TestNodes.up(1, 0, 5000),
				TestNodes.node(2, NodeState.DEAD, 0, 5000, null), TestNodes.up(3, 0, 5000));
		RebalancePlan plan = RebalancePlan.of(nodes, (node) -> !node.id().equals(TestNodes.id(3)));
		assertThat(plan.moves()).containsExactly(move(0, 1, 500));
		assertThat(plan.of(TestNodes.id(3))).isNull();
	}

	@Test
	void shouldKnowOfADrainUnlessItsNodeIsGoneOrEmpty() {
		NodeRecord draining = TestNodes.node(1, NodeState.DRAINING, 500, 5000, null);
		List<NodeRecord> nodes = List.of(TestNodes.up(0, 1000, 5000), draining);
		assertThat(TestNodes.plan(nodes).drain()).isTrue();
		assertThat(RebalancePlan.of(nodes, (node) -> !node.equals(draining)).drain()).isFalse();
		NodeRecord drained = TestNodes.node(1, NodeState.DRAINING, 0, 5000, null);
		assertThat(TestNodes.plan(List.of(TestNodes.up(0, 1000, 5000), drained)).drain()).isFalse();
	}

	// pulsar 13915: a minimum was missing, so almost idle brokers unloaded again and
	// again.
	@Test
	void shouldNotCountDifferencesOfAFewAgents() {
		assertThat(TestNodes.plan(12, 0).spread()).isZero();
		assertThat(TestNodes.plan(20, 0).spread()).isEqualTo(1);
	}

	@Test
	void shouldBeLevelWithinTheTolerance() {
		assertThat(TestNodes.plan(1029, 971, 1000).isLevel(0.03)).isTrue();
		assertThat(TestNodes.plan(1031, 969, 1000).isLevel(0.03)).isFalse();
		assertThat(TestNodes.plan(1031, 969, 1000).isLevel(0)).isFalse();
		assertThat(TestNodes.plan(3, 3, 4).isLevel(0)).isTrue();
		assertThat(TestNodes.plan(4, 2).isLevel(0)).isFalse();
	}

	@Test
	void shouldBeEmptyWithoutNodesOrAgents() {
		assertThat(TestNodes.plan().moves()).isEmpty();
		assertThat(TestNodes.plan(0, 0).spread()).isZero();
		assertThat(TestNodes.plan(0, 0).isLevel(0)).isTrue();
		assertThat(TestNodes.plan(100).moves()).isEmpty();
	}

	private static Move move(int from, int to, int agents) {
		return new Move(TestNodes.id(from), TestNodes.id(to), agents);
	}

}

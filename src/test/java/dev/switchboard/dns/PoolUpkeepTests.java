package dev.switchboard.dns;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.time.ManualTime;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

class PoolUpkeepTests {

	private static final Duration LEASE = Duration.ofSeconds(15);

	private final NodeId self = TestIds.node();

	private final NodeId other = TestIds.node();

	private final TestZone zone = new TestZone();

	private final ManualTime time = new ManualTime();

	private final List<NodeRecord> listed = new ArrayList<>(List.of(node(this.self, NodeState.UP)));

	private Mono<List<NodeRecord>> directory = Mono.fromCallable(() -> List.copyOf(this.listed));

	private final PoolEntry own = TestZone.entry(this.self, "192.0.2.1");

	private final PoolEntry others = TestZone.entry(this.other, "192.0.2.2");

	private final PoolUpkeep upkeep = new PoolUpkeep(this.self, this.zone, () -> Mono.just(this.own.addresses()),
			Mono.defer(() -> this.directory), new Leftovers(this.self, LEASE, this.time), this.time);

	private static NodeRecord node(NodeId id, NodeState state) {
		return new NodeRecord(id, "127.0.0.1", 8070, null, state, 0, 100, Instant.EPOCH, LEASE);
	}

	private void run(boolean in) {
		this.upkeep.run(in).block();
	}

	@Test
	void shouldPutTheNodeInAndTakeItOut() {
		run(true);
		assertThat(this.zone.entries()).containsExactly(this.own);
		run(false);
		assertThat(this.zone.entries()).isEmpty();
	}

	@Test
	void shouldPutTheNodeBackIfItsEntryIsGone() {
		run(true);
		new PoolUpkeep(this.other, this.zone, () -> Mono.empty(), Mono.just(List.of(node(this.self, NodeState.DEAD))),
				new Leftovers(this.other, LEASE, this.time), this.time)
			.run(false)
			.block();
		assertThat(this.zone.entries()).isEmpty();
		run(true);
		assertThat(this.zone.entries()).containsExactly(this.own);
	}

	@Test
	void shouldReplaceAnEntryWithOldAddresses() {
		this.zone.put(TestZone.entry(this.self, "192.0.2.9"));
		run(true);
		assertThat(this.zone.entries()).containsExactly(this.own);
	}

	@Test
	void shouldNeverRemoveTheEntryOfANodeThatIsNotDead() {
		this.zone.put(this.others);
		for (NodeState state : List.of(NodeState.UP, NodeState.DRAINING)) {
			this.listed.set(0, node(this.other, state));
			this.time.advance(LEASE.multipliedBy(10));
			run(true);
			assertThat(this.zone.entries()).contains(this.others);
		}
	}

	@Test
	void shouldRemoveTheEntryOfADeadNode() {
		this.zone.put(this.others);
		this.listed.add(node(this.other, NodeState.DEAD));
		run(true);
		assertThat(this.zone.entries()).containsExactly(this.own);
	}

	@Test
	void shouldRemoveWhatANodeLeftThatIsNoLongerListedOnlyAfterTwoLeases() {
		this.zone.put(this.others);
		this.listed.add(node(this.other, NodeState.UP));
		run(true);
		this.listed.removeLast();
		this.time.advance(LEASE.multipliedBy(2));
		run(true);
		assertThat(this.zone.entries()).contains(this.others);
		this.time.advance(Duration.ofMillis(1));
		run(true);
		assertThat(this.zone.entries()).containsExactly(this.own);
	}

	@Test
	void shouldNeverRemoveTheEntryOfANodeOfAnotherCluster() {
		this.zone.put(this.others);
		for (int turn = 0; turn < 5; turn++) {
			run(true);
			this.time.advance(LEASE.multipliedBy(100));
		}
		assertThat(this.zone.entries()).contains(this.others);
	}

	@Test
	void shouldReplaceWhatAProcessBeforeItLeftOnThisMachine() {
		this.zone.put(TestZone.entry(TestIds.node(), "192.0.2.1"));
		run(true);
		assertThat(this.zone.entries()).containsExactly(this.own);
	}

	@Test
	void shouldLeaveTheEntryOfALiveNodeWithTheSameAddresses() {
		PoolEntry neighbour = TestZone.entry(this.other, "192.0.2.1");
		this.zone.put(neighbour);
		this.listed.add(node(this.other, NodeState.UP));
		run(true);
		assertThat(this.zone.entries()).containsExactlyInAnyOrder(this.own, neighbour);
		run(false);
		assertThat(this.zone.entries()).containsExactly(neighbour);
	}

	@Test
	void shouldKeepItsOwnEntryUpToDateWithoutTheDirectory() {
		this.zone.put(this.others);
		this.directory = Mono.error(new IllegalStateException("away"));
		run(true);
		assertThat(this.zone.entries()).containsExactlyInAnyOrder(this.own, this.others);
		run(false);
		assertThat(this.zone.entries()).containsExactly(this.others);
	}

	@Test
	void shouldJudgeNobodyByAListThatIsOldBecauseTheNodeWasStopped() {
		this.zone.put(this.others);
		this.listed.add(node(this.other, NodeState.DEAD));
		this.directory = Mono.fromCallable(() -> {
			this.time.advance(Duration.ofMinutes(1));
			return List.copyOf(this.listed);
		});
		run(true);
		assertThat(this.zone.entries()).contains(this.others);
	}

	@Test
	void shouldChangeNothingWhereNothingIsToBeChanged() {
		run(true);
		assertThat(this.upkeep.run(true).block()).isEqualTo(PoolChange.NONE);
	}

	@Test
	void shouldKeepAnAddressThatAnotherEntryHas() {
		PoolEntry same = TestZone.entry(this.other, "192.0.2.1", "192.0.2.7");
		PoolChange change = new PoolChange(List.of(same), List.of());
		assertThat(change.addressesGone(List.of(this.own, same))).isEqualTo(TestZone.addresses("192.0.2.7"));
	}

}

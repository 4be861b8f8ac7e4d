package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

class ClaimWatchTests {

	private static final AgentId FIRST = new AgentId("acme", "first");

	private static final AgentId SECOND = new AgentId("acme", "second");

	private final NodeId self = TestIds.node();

	private final List<Set<AgentId>> asked = new ArrayList<>();

	private Mono<List<AgentRecord>> answer = Mono.just(List.of());

	private final ClaimWatch watch = new ClaimWatch(this.self, (agents) -> {
		this.asked.add(Set.copyOf(agents));
		return this.answer;
	});

	@BeforeEach
	void startTime() {
		VirtualTimeScheduler.getOrSet();
	}

	@AfterEach
	void stopTime() {
		VirtualTimeScheduler.reset();
	}

	private static void pass(int periods) {
		VirtualTimeScheduler.get().advanceTimeBy(ClaimWatch.PERIOD.multipliedBy(periods));
	}

	private static AgentRecord held(AgentId agent, NodeId node) {
		return new AgentRecord(new Claim(agent, TestIds.connection(), 1, Instant.EPOCH, null),
				new NodeRecord(node, "127.0.0.1", 1, null, NodeState.UP, 0, 1, Instant.EPOCH, Duration.ofSeconds(15)),
				Instant.EPOCH, new SupersedeStreak(0, Instant.EPOCH));
	}

	@Test
	void shouldLookForAllThatAreWaitedForAtOnce() {
		this.watch.await(FIRST).subscribe();
		this.watch.await(FIRST).subscribe();
		this.watch.await(SECOND).subscribe();
		pass(3);
		assertThat(this.asked).hasSize(3).containsOnly(Set.of(FIRST, SECOND));
	}

	@Test
	void shouldTellAllWhoWaitWhenAnotherNodeHoldsTheAgent() {
		List<CompletableFuture<AgentRecord>> waiting = List.of(this.watch.await(FIRST).toFuture(),
				this.watch.await(FIRST).toFuture(), this.watch.await(SECOND).toFuture());
		pass(1);
		assertThat(waiting).noneMatch(CompletableFuture::isDone);
		AgentRecord found = held(FIRST, TestIds.node());
		this.answer = Mono.just(List.of(found));
		pass(1);
		assertThat(waiting.subList(0, 2)).allSatisfy((one) -> assertThat(one).isCompletedWithValue(found));
		pass(1);
		assertThat(this.asked).last().isEqualTo(Set.of(SECOND));
	}

	@Test
	void shouldNotTakeItsOwnNodesClaimForAnArrivalElsewhere() {
		CompletableFuture<AgentRecord> waiting = this.watch.await(FIRST).toFuture();
		this.answer = Mono.just(List.of(held(FIRST, this.self)));
		pass(2);
		assertThat(waiting).isNotDone();
	}

	@Test
	void shouldStopLookingWhenNobodyWaits() {
		Disposable waiting = this.watch.await(FIRST).subscribe();
		pass(2);
		waiting.dispose();
		pass(5);
		assertThat(this.asked).hasSize(2);
		this.watch.await(SECOND).subscribe();
		pass(1);
		assertThat(this.asked).last().isEqualTo(Set.of(SECOND));
	}

	@Test
	void shouldGoOnWhileTheDirectoryIsAway() {
		CompletableFuture<AgentRecord> waiting = this.watch.await(FIRST).toFuture();
		this.answer = Mono.error(new DatabaseUnavailableException("away", null));
		pass(3);
		this.answer = Mono.just(List.of(held(FIRST, TestIds.node())));
		VirtualTimeScheduler.get().advanceTimeBy(Duration.ofSeconds(1));
		assertThat(waiting).isCompleted();
	}

}

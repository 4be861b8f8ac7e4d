package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.time.Chance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

class WriteCoalescerTests {

	private static final int MAX_QUEUED = 3000;

	private final List<List<AgentWrite>> sent = new ArrayList<>();

	private final Deque<Sinks.One<Predicate<AgentWrite>>> answers = new ArrayDeque<>();

	private final WriteCoalescer writes = new WriteCoalescer(this::store, MAX_QUEUED, Chance.SYSTEM);

	@BeforeEach
	void startTime() {
		VirtualTimeScheduler.getOrSet();
	}

	@AfterEach
	void stopTime() {
		VirtualTimeScheduler.reset();
	}

	private Mono<Predicate<AgentWrite>> store(List<AgentWrite> batch) {
		this.sent.add(batch);
		Sinks.One<Predicate<AgentWrite>> answer = Sinks.one();
		this.answers.add(answer);
		return answer.asMono();
	}

	private void stored() {
		this.answers.remove().tryEmitValue((write) -> true);
	}

	private static void collected() {
		VirtualTimeScheduler.get().advanceTimeBy(WriteCoalescer.LONGEST_PAUSE);
	}

	private void failed(RuntimeException failure) {
		this.answers.remove().tryEmitError(failure);
	}

	private static AgentWrite claim(String agent) {
		return AgentWrite.claim(new Claim(new AgentId("acme", agent), TestIds.connection(), 1, Instant.EPOCH, null));
	}

	private static List<AgentWrite> claims(int count) {
		return IntStream.range(0, count).mapToObj((i) -> claim("a" + i)).toList();
	}

	private void write(List<AgentWrite> claims) {
		claims.forEach((claim) -> this.writes.write(claim).onErrorComplete().subscribe());
	}

	@Test
	void shouldSendTheFirstWriteAtOnce() {
		AgentWrite first = claim("a");
		write(List.of(first));
		assertThat(this.sent).containsExactly(List.of(first));
	}

	@Test
	void shouldCollectMoreAfterManyButNotForLong() {
		write(claims(1 + WriteCoalescer.FEW));
		stored();
		stored();
		write(List.of(claim("late")));
		assertThat(this.sent).hasSize(2);
		collected();
		assertThat(this.sent).hasSize(3);
	}

	@Test
	void shouldSendAFullBatchWithoutCollectingMore() {
		write(claims(1 + WriteCoalescer.FEW));
		stored();
		stored();
		write(claims(WriteCoalescer.MAX_BATCH));
		assertThat(this.sent.getLast()).hasSize(WriteCoalescer.MAX_BATCH);
	}

	@Test
	void shouldCollectForAWholePauseAfterAFullBatchThatCameDuringAPause() {
		write(claims(1 + WriteCoalescer.FEW));
		stored();
		stored();
		VirtualTimeScheduler.get().advanceTimeBy(Duration.ofMillis(30));
		write(claims(WriteCoalescer.MAX_BATCH));
		stored();
		write(List.of(claim("late")));
		VirtualTimeScheduler.get().advanceTimeBy(WriteCoalescer.LONGEST_PAUSE.minusMillis(1));
		assertThat(this.sent).hasSize(3);
		VirtualTimeScheduler.get().advanceTimeBy(Duration.ofMillis(1));
		assertThat(this.sent).hasSize(4);
	}

	@Test
	void shouldSendWhatQueuedMeanwhileTogetherAndInOrder() {
		List<AgentWrite> claims = claims(6);
		write(claims);
		assertThat(this.sent).hasSize(1);
		stored();
		assertThat(this.sent).containsExactly(claims.subList(0, 1), claims.subList(1, 6));
		assertThat(claims.getFirst().done()).isCompletedWithValue(true);
		assertThat(claims.getLast().done()).isNotDone();
		stored();
		assertThat(claims.getLast().done()).isCompletedWithValue(true);
		assertThat(this.writes.depth()).isZero();
	}

	@Test
	void shouldBoundABatch() {
		write(claims(1 + WriteCoalescer.MAX_BATCH + 1));
		stored();
		stored();
		collected();
		assertThat(this.sent).extracting(List::size).containsExactly(1, WriteCoalescer.MAX_BATCH, 1);
	}

	@Test
	void shouldStoreOnlyTheReleaseOfAConnectionThatEndedMeanwhile() {
		AgentWrite first = claim("first");
		AgentWrite claim = claim("a");
		AgentWrite release = AgentWrite.release(claim.claim(), Instant.EPOCH, null);
		write(List.of(first, claim, release));
		assertThat(claim.done()).isCompletedWithValue(true);
		stored();
		assertThat(this.sent).containsExactly(List.of(first), List.of(release));
	}

	@Test
	void shouldNotEndAClaimThatIsMadeAgainBeforeItIsStored() {
		write(claims(1));
		AgentWrite claim = claim("a");
		AgentWrite again = AgentWrite.claim(claim.claim());
		write(List.of(claim, again));
		assertThat(claim.done()).isNotDone();
		stored();
		this.answers.remove().tryEmitValue((_) -> false);
		assertThat(claim.done()).isCompletedWithValue(false);
		assertThat(again.done()).isCompletedWithValue(false);
	}

	@Test
	void shouldTellWhichClaimsLost() {
		List<AgentWrite> claims = claims(3);
		write(claims);
		stored();
		this.answers.remove().tryEmitValue((write) -> !write.equals(claims.get(1)));
		assertThat(claims.get(1).done()).isCompletedWithValue(false);
		assertThat(claims.get(2).done()).isCompletedWithValue(true);
	}

	@Test
	void shouldSendABatchAgainUntilItIsStored() {
		List<AgentWrite> claims = claims(1);
		write(claims);
		IntStream.range(0, 20).forEach((i) -> {
			failed(new DatabaseUnavailableException("away", null));
			VirtualTimeScheduler.get().advanceTimeBy(Duration.ofSeconds(10));
		});
		assertThat(claims.getFirst().done()).isNotDone();
		stored();
		assertThat(this.sent).hasSize(21).containsOnly(claims);
		assertThat(claims.getFirst().done()).isCompletedWithValue(true);
	}

	@Test
	void shouldFailABatchThatIsNotTheDatabasesFaultAndGoOn() {
		List<AgentWrite> claims = claims(2);
		write(claims);
		failed(new IllegalStateException("a defect"));
		assertThat(claims.getFirst().done()).isCompletedExceptionally();
		assertThat(this.sent).containsExactly(claims.subList(0, 1), claims.subList(1, 2));
	}

	@Test
	void shouldNotSendWhatWasGivenUp() {
		AgentWrite given = claim("a");
		write(claims(1));
		Disposable up = this.writes.write(given).subscribe();
		AgentWrite kept = claim("b");
		write(List.of(kept));
		up.dispose();
		stored();
		assertThat(this.sent).last().isEqualTo(List.of(kept));
	}

	@Test
	void shouldGoOnWhenAWholeBatchWasGivenUp() {
		write(claims(1));
		this.writes.write(claim("a")).subscribe().dispose();
		stored();
		AgentWrite next = claim("b");
		write(List.of(next));
		assertThat(this.sent).last().isEqualTo(List.of(next));
	}

	@Test
	void shouldRefuseClaimsButTakeReleasesWhenFull() {
		write(claims(1 + MAX_QUEUED));
		assertThat(this.writes.isCongested()).isTrue();
		StepVerifier.create(this.writes.write(claim("more"))).verifyError(DatabaseUnavailableException.class);
		AgentWrite release = AgentWrite.release(claim("a").claim(), Instant.EPOCH, null);
		write(List.of(release));
		IntStream.range(0, 4).forEach((i) -> stored());
		collected();
		stored();
		assertThat(release.done()).isCompletedWithValue(true);
		assertThat(this.writes.isCongested()).isFalse();
	}

	@Test
	void shouldSettleAfterWhatWasQueuedBefore() {
		write(claims(3));
		StepVerifier.Step<Void> settled = StepVerifier.create(this.writes.settled());
		write(List.of(claim("later")));
		settled.then(this::stored).expectNoEvent(Duration.ofSeconds(1)).then(this::stored).expectComplete().verify();
	}

	@Test
	void shouldSettleOneAgentByItself() {
		write(claims(1));
		write(List.of(claim("b")));
		StepVerifier.create(this.writes.settled(new AgentId("acme", "elsewhere"))).verifyComplete();
		StepVerifier.create(this.writes.settled(new AgentId("acme", "b")))
			.expectSubscription()
			.expectNoEvent(Duration.ofSeconds(1))
			.then(this::stored)
			.then(this::stored)
			.expectComplete()
			.verify();
	}

}

package dev.switchboard.directory;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.TestIds;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

class LookupCoalescerTests {

	private final List<List<AgentId>> sent = new ArrayList<>();

	private final Deque<Sinks.One<List<AgentRecord>>> answers = new ArrayDeque<>();

	private final LookupCoalescer lookups = new LookupCoalescer(this::read);

	private Mono<List<AgentRecord>> read(List<AgentId> agents) {
		this.sent.add(agents);
		Sinks.One<List<AgentRecord>> answer = Sinks.one();
		this.answers.add(answer);
		return answer.asMono();
	}

	private static AgentId agent(int i) {
		return new AgentId("acme", "a" + i);
	}

	private static AgentRecord known(AgentId agent) {
		return new AgentRecord(new Claim(agent, TestIds.connection(), 1, Instant.EPOCH, null), null, Instant.EPOCH,
				new SupersedeStreak(0, Instant.EPOCH));
	}

	private List<CompletableFuture<AgentRecord>> asked(int from, int count) {
		return IntStream.range(from, from + count).mapToObj((i) -> this.lookups.find(agent(i)).toFuture()).toList();
	}

	@Test
	void shouldAskAtOnceWhileLittleIsUnderway() {
		asked(0, LookupCoalescer.LANES);
		assertThat(this.sent).hasSize(LookupCoalescer.LANES).allSatisfy((batch) -> assertThat(batch).hasSize(1));
	}

	@Test
	void shouldAskForAllThatWaitTogether() {
		asked(0, LookupCoalescer.LANES);
		List<CompletableFuture<AgentRecord>> waiting = asked(100, 20);
		assertThat(this.sent).hasSize(LookupCoalescer.LANES);
		this.answers.remove().tryEmitValue(List.of());
		assertThat(this.sent).hasSize(LookupCoalescer.LANES + 1);
		assertThat(this.sent.getLast()).hasSize(20);
		AgentRecord third = known(agent(102));
		this.answers.removeLast().tryEmitValue(List.of(third));
		assertThat(waiting).allMatch(CompletableFuture::isDone);
		assertThat(waiting.get(2)).isCompletedWithValue(third);
		assertThat(waiting.get(3).join()).isNull();
	}

	@Test
	void shouldBoundABatch() {
		asked(0, LookupCoalescer.LANES);
		asked(100, LookupCoalescer.MAX_BATCH + 1);
		this.answers.remove().tryEmitValue(List.of());
		this.answers.remove().tryEmitValue(List.of());
		assertThat(this.sent.subList(LookupCoalescer.LANES, LookupCoalescer.LANES + 2)).extracting(List::size)
			.containsExactly(LookupCoalescer.MAX_BATCH, 1);
	}

	@Test
	void shouldAskOnceForAnAgentThatManyWaitFor() {
		asked(0, LookupCoalescer.LANES);
		List<CompletableFuture<AgentRecord>> waiting = List.of(asked(100, 1).getFirst(), asked(100, 1).getFirst());
		this.answers.remove().tryEmitValue(List.of());
		assertThat(this.sent).last().isEqualTo(List.of(agent(100)));
		AgentRecord found = known(agent(100));
		this.answers.removeLast().tryEmitValue(List.of(found));
		assertThat(waiting).allSatisfy((answer) -> assertThat(answer).isCompletedWithValue(found));
	}

	@Test
	void shouldNotAnswerWithWhatWasReadBeforeTheQuestion() {
		asked(0, 1);
		asked(0, 1);
		assertThat(this.sent).containsExactly(List.of(agent(0)), List.of(agent(0)));
	}

	@Test
	void shouldForgetWhoStoppedWaiting() {
		asked(0, LookupCoalescer.LANES);
		Disposable one = this.lookups.find(agent(100)).subscribe();
		Disposable other = this.lookups.find(agent(100)).subscribe();
		one.dispose();
		assertThat(this.lookups.depth()).isEqualTo(1);
		other.dispose();
		assertThat(this.lookups.depth()).isZero();
		this.answers.remove().tryEmitValue(List.of());
		assertThat(this.sent).hasSize(LookupCoalescer.LANES);
	}

	@Test
	void shouldFailThoseOfAFailedReadAndGoOn() {
		List<CompletableFuture<AgentRecord>> first = asked(0, LookupCoalescer.LANES);
		List<CompletableFuture<AgentRecord>> next = asked(100, 1);
		this.answers.remove().tryEmitError(new DatabaseUnavailableException("away", null));
		assertThat(first.getFirst()).isCompletedExceptionally();
		this.answers.removeLast().tryEmitValue(List.of(known(agent(100))));
		assertThat(next.getFirst()).isCompleted();
	}

	@Test
	void shouldDropNoFailureOfAReadThatNobodyWaitsFor() {
		List<Throwable> dropped = new ArrayList<>();
		Hooks.onErrorDropped(dropped::add);
		try {
			this.lookups.find(agent(0)).subscribe().dispose();
			this.answers.remove().tryEmitError(new DatabaseUnavailableException("away", null));
			assertThat(dropped).isEmpty();
		}
		finally {
			Hooks.resetOnErrorDropped();
		}
	}

}

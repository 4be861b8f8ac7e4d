package dev.switchboard.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.switchboard.connection.Answer;
import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.connection.ConnectionException;
import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ScriptedSession;
import io.netty.util.concurrent.DefaultEventExecutor;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.directory.AgentRecord;
import dev.switchboard.directory.Claim;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.directory.SupersedeStreak;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.routing.ForwardException.Reason;
import dev.switchboard.tenant.Admittance;
import dev.switchboard.tenant.KeptOut;
import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AgentRouterTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop-1");

	private static final Duration WAIT = Duration.ofSeconds(10);

	private static final Answer ANSWER = new Answer.Completed(Payload.NULL);

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final NodeRecord one = node();

	private final NodeRecord two = node();

	private final Queue<AgentRecord> directory = new ArrayDeque<>();

	private final Queue<Mono<Answer>> forwards = new ArrayDeque<>();

	private final List<NodeRecord> asked = new ArrayList<>();

	private final NodeId self = TestIds.node();

	private Mono<?> arrival = Mono.never();

	private boolean takesClaims = true;

	private final Admittance admittance = new Admittance();

	private final Forwarder forwarder = new Forwarder() {

		@Override
		@SuppressWarnings("unchecked") // Each verb here is a call.
		public <T> Mono<T> forward(NodeRecord node, Verb<T> verb) {
			AgentRouterTests.this.asked.add(node);
			return (Mono<T>) AgentRouterTests.this.forwards.remove();
		}

		@Override
		public Mono<Payload> ask(NodeRecord node, String kind, String subject, Duration timeToLive) {
			return Mono.error(new AssertionError());
		}
	};

	private final AgentRouter router = new AgentRouter(this.registry,
			new Locations((_, _) -> Mono.fromSupplier(this.directory::remove), this.self, TimeSource.SYSTEM,
					new Absence(() -> this.takesClaims), this.admittance),
			this.forwarder, (_) -> this.arrival, TimeSource.SYSTEM, () -> Instant.EPOCH,
			new Absence(() -> this.takesClaims));

	@Test
	void shouldGoWhereTheDirectorySaysThatTheAgentIs() {
		this.directory.add(at(this.one, 1));
		this.forwards.add(Mono.just(ANSWER));
		assertThat(run()).isEqualTo(ANSWER);
		assertThat(this.asked).containsExactly(this.one);
	}

	@Test
	void shouldFollowAnAgentThatMovesAwayWhileTheCallIsOnItsWayToTheConnection() throws Exception {
		DefaultEventExecutor loop = new DefaultEventExecutor();
		AgentConnection connection = new ScriptedSession(loop).open(AGENT, 1);
		this.registry.add(connection);
		this.directory.add(at(this.one, 2));
		this.forwards.add(Mono.just(ANSWER));
		CountDownLatch busy = new CountDownLatch(1);
		loop.submit(() -> busy.await(WAIT.toSeconds(), TimeUnit.SECONDS));
		connection.superseded();
		CompletableFuture<Answer> answer = this.router.run(echo(), Duration.ZERO).toFuture();
		busy.countDown();
		assertThat(answer.get(WAIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ANSWER);
		assertThat(this.asked).containsExactly(this.one);
		loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	@Test
	void shouldLookOnceMoreWhenTheAgentIsNotThere() {
		this.directory.addAll(List.of(at(this.one, 1), at(this.two, 2)));
		this.forwards.add(Mono.error(ForwardException.notHere(0)));
		this.forwards.add(Mono.just(ANSWER));
		assertThat(run()).isEqualTo(ANSWER);
		assertThat(this.asked).containsExactly(this.one, this.two);
	}

	@Test
	void shouldLookOnceMoreWhenTheNodeCannotBeReached() {
		this.directory.addAll(List.of(at(this.one, 1), at(this.two, 2)));
		this.forwards.add(Mono.error(new ForwardException(Reason.UNSENT)));
		this.forwards.add(Mono.just(ANSWER));
		assertThat(run()).isEqualTo(ANSWER);
	}

	@Test
	void shouldGoBackToANodeThatTheAgentHasComeBackTo() {
		this.directory.addAll(List.of(at(this.one, 1), at(this.one, 3)));
		this.forwards.add(Mono.error(ForwardException.notHere(2)));
		this.forwards.add(Mono.just(ANSWER));
		assertThat(run()).isEqualTo(ANSWER);
		assertThat(this.asked).containsExactly(this.one, this.one);
	}

	@Test
	void shouldNotGoBackForAConnectionWhoseEndTheNodeHasSeen() {
		this.directory.addAll(List.of(at(this.one, 1), at(this.one, 3)));
		this.forwards.add(Mono.error(ForwardException.notHere(3)));
		assertFailure(Problem.AGENT_OFFLINE, Outcome.NOT_SENT);
		assertThat(this.asked).containsExactly(this.one);
	}

	@Test
	void shouldNotCallAnAgentOfflineWhileItsClaimMayBeUnstored() {
		this.takesClaims = false;
		this.directory.add(at(null, 1));
		assertFailure(Problem.UNAVAILABLE, Outcome.NOT_SENT);
		this.directory.addAll(List.of(at(this.one, 1), at(this.one, 1)));
		this.forwards.add(Mono.error(ForwardException.notHere(1)));
		assertFailure(Problem.UNAVAILABLE, Outcome.NOT_SENT);
	}

	@Test
	void shouldAnswerAfterLookingOnceMore() {
		this.directory.addAll(List.of(at(this.one, 1), at(this.two, 2)));
		this.forwards.add(Mono.error(ForwardException.notHere(0)));
		this.forwards.add(Mono.error(ForwardException.notHere(0)));
		assertFailure(Problem.AGENT_OFFLINE, Outcome.NOT_SENT);
		assertThat(this.asked).containsExactly(this.one, this.two);
	}

	@Test
	void shouldBeUnavailableWhileTheOnlyNodeCannotBeReached() {
		this.directory.addAll(List.of(at(this.one, 1), at(this.one, 1)));
		this.forwards.add(Mono.error(new ForwardException(Reason.UNSENT)));
		assertFailure(Problem.UNAVAILABLE, Outcome.NOT_SENT);
		assertThat(this.asked).containsExactly(this.one);
	}

	@Test
	void shouldNeverSendAgainWhatWasSent() {
		this.directory.addAll(List.of(at(this.one, 1), at(this.two, 2)));
		this.forwards.add(Mono.error(new ForwardException(Reason.LOST)));
		assertFailure(Problem.NODE_DISCONNECTED, Outcome.UNKNOWN);
		assertThat(this.asked).containsExactly(this.one);
	}

	@Test
	void shouldTellTheCallerWhatWasWrongWithTheAnswer() {
		this.directory.add(at(this.one, 1));
		this.forwards.add(Mono
			.error(new ConnectionException(ConnectionException.Reason.BAD_ANSWER, "error.code must be a string")));
		assertThatExceptionOfType(ProblemException.class).isThrownBy(this::run)
			.returns(Problem.BAD_ANSWER, ProblemException::problem)
			.returns(Outcome.UNKNOWN, ProblemException::outcome)
			.returns("The agent's answer broke the protocol: error.code must be a string", ProblemException::detail);
	}

	@Test
	void shouldFindAnAgentOfflineThatTheDirectoryHasHere() {
		this.directory.add(at(new NodeRecord(this.self, "127.0.0.1", 1, null, NodeState.UP, 0, 1, Instant.EPOCH,
				Duration.ofSeconds(15)), 1));
		assertFailure(Problem.AGENT_OFFLINE, Outcome.NOT_SENT);
		assertThat(this.asked).isEmpty();
	}

	@Test
	void shouldGoWhereAnAgentTurnsUpThatIsWaitedFor() {
		this.directory.addAll(List.of(at(null, 1), at(this.one, 2)));
		this.forwards.add(Mono.just(ANSWER));
		this.arrival = Mono.just(true);
		assertThat(run(WAIT)).isEqualTo(ANSWER);
	}

	@Test
	void shouldWaitForAnAgentWhoseNodeCannotBeReached() {
		this.directory.addAll(List.of(at(this.one, 1), at(this.one, 1), at(this.two, 2)));
		this.forwards.add(Mono.error(new ForwardException(Reason.UNSENT)));
		this.forwards.add(Mono.just(ANSWER));
		this.arrival = Mono.just(true);
		assertThat(run(WAIT)).isEqualTo(ANSWER);
		assertThat(this.asked).containsExactly(this.one, this.two);
	}

	@Test
	void shouldEndTheWaitForAnAgentThatIsRevokedMeanwhile() {
		this.directory.add(at(null, 1));
		CompletableFuture<Answer> waiting = this.router.run(echo(), Duration.ofHours(1)).toFuture();
		assertThat(waiting).isNotDone();
		KeptOut.revoke(this.admittance, AGENT);
		assertThat(waiting).failsWithin(WAIT)
			.withThrowableThat()
			.havingCause()
			.isInstanceOfSatisfying(ProblemException.class, (failure) -> {
				assertThat(failure.problem()).isEqualTo(Problem.AGENT_REVOKED);
				assertThat(failure.outcome()).isEqualTo(Outcome.NOT_SENT);
			});
	}

	@Test
	void shouldEndTheWaitForAnAgentWhoseTenantIsDisabledMeanwhile() {
		this.directory.add(at(null, 1));
		CompletableFuture<Answer> waiting = this.router.run(echo(), Duration.ofHours(1)).toFuture();
		KeptOut.disable(this.admittance, AGENT.tenant());
		assertThat(waiting).failsWithin(WAIT)
			.withThrowableThat()
			.havingCause()
			.isInstanceOfSatisfying(ProblemException.class,
					(failure) -> assertThat(failure.problem()).isEqualTo(Problem.TENANT_DISABLED));
	}

	@Test
	void shouldWaitOnWhenTheAgentHasLeftAgain() {
		this.directory.addAll(List.of(at(null, 1), at(this.one, 2), at(null, 2), at(this.two, 3)));
		this.forwards.add(Mono.error(ForwardException.notHere(2)));
		this.forwards.add(Mono.just(ANSWER));
		this.arrival = Mono.just(true);
		assertThat(run(WAIT)).isEqualTo(ANSWER);
		assertThat(this.asked).containsExactly(this.one, this.two);
	}

	@Test
	void shouldNotWaitForAnAgentThatWasSentTheCall() {
		this.directory.addAll(List.of(at(this.one, 1), at(this.two, 2)));
		this.forwards.add(Mono.error(new ForwardException(Reason.LOST)));
		this.arrival = Mono.just(true);
		assertFailure(Problem.NODE_DISCONNECTED, Outcome.UNKNOWN, WAIT);
	}

	@Test
	void shouldBeOfflineWhenTheAgentDoesNotTurnUp() {
		this.directory.add(at(null, 1));
		assertFailure(Problem.AGENT_OFFLINE, Outcome.NOT_SENT, Duration.ofMillis(1));
	}

	private Answer run() {
		return run(Duration.ZERO);
	}

	private Answer run(Duration connectWait) {
		return this.router.run(echo(), connectWait).blockOptional(WAIT).orElseThrow();
	}

	private static Call echo() {
		return new Call(AGENT, new Frame.Call(TestIds.call(), "echo", WAIT.toMillis(), null, Payload.NULL),
				ChunkReceiver.DROP);
	}

	private void assertFailure(Problem problem, Outcome outcome) {
		assertFailure(problem, outcome, Duration.ZERO);
	}

	private void assertFailure(Problem problem, Outcome outcome, Duration connectWait) {
		try {
			throw new AssertionError("answered: " + run(connectWait));
		}
		catch (ProblemException ex) {
			assertThat(ex.problem()).isEqualTo(problem);
			assertThat(ex.outcome()).isEqualTo(outcome);
		}
	}

	private static NodeRecord node() {
		return new NodeRecord(TestIds.node(), "127.0.0.1", 1, null, NodeState.UP, 0, 1, Instant.EPOCH,
				Duration.ofSeconds(15));
	}

	private static AgentRecord at(@Nullable NodeRecord node, long epoch) {
		return new AgentRecord(new Claim(AGENT, new ConnectionId(TestIds.node().value()), epoch, Instant.EPOCH, null),
				node, Instant.EPOCH, new SupersedeStreak(0, Instant.EPOCH));
	}

}

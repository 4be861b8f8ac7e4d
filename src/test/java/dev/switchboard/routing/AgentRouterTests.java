package dev.switchboard.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.directory.AgentRecord;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.directory.Supersessions;
import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.ForwardException.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

class AgentRouterTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop-1");

	private static final Duration WAIT = Duration.ofSeconds(10);

	private final NodeRecord one = node();

	private final NodeRecord two = node();

	private final Queue<AgentRecord> directory = new ArrayDeque<>();

	private final Queue<Mono<String>> forwards = new ArrayDeque<>();

	private final List<NodeRecord> asked = new ArrayList<>();

	private final NodeId self = NodeId.random();

	private Mono<?> arrival = Mono.never();

	private final AgentRouter router = new AgentRouter(new ConnectionRegistry(), (_) -> this.arrival,
			new Locations((_, _) -> Mono.fromSupplier(this.directory::remove), this.self, System::nanoTime), this.self);

	@Test
	void shouldGoWhereTheDirectorySaysThatTheAgentIs() {
		this.directory.add(at(this.one, 1));
		this.forwards.add(Mono.just("answer"));
		assertThat(run()).isEqualTo("answer");
		assertThat(this.asked).containsExactly(this.one);
	}

	@Test
	void shouldLookOnceMoreWhenTheAgentIsNotThere() {
		this.directory.addAll(List.of(at(this.one, 1), at(this.two, 2)));
		this.forwards.add(Mono.error(ForwardException.notHere(0)));
		this.forwards.add(Mono.just("answer"));
		assertThat(run()).isEqualTo("answer");
		assertThat(this.asked).containsExactly(this.one, this.two);
	}

	@Test
	void shouldLookOnceMoreWhenTheNodeCannotBeReached() {
		this.directory.addAll(List.of(at(this.one, 1), at(this.two, 2)));
		this.forwards.add(Mono.error(new ForwardException(Reason.UNSENT)));
		this.forwards.add(Mono.just("answer"));
		assertThat(run()).isEqualTo("answer");
	}

	@Test
	void shouldGoBackToANodeThatTheAgentHasComeBackTo() {
		this.directory.addAll(List.of(at(this.one, 1), at(this.one, 3)));
		this.forwards.add(Mono.error(ForwardException.notHere(2)));
		this.forwards.add(Mono.just("answer"));
		assertThat(run()).isEqualTo("answer");
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
	void shouldFindAnAgentOfflineThatTheDirectoryHasHere() {
		this.directory.add(at(new NodeRecord(this.self, "127.0.0.1", 1, null, NodeState.UP, 0, 1, Instant.EPOCH,
				Duration.ofSeconds(15)), 1));
		assertFailure(Problem.AGENT_OFFLINE, Outcome.NOT_SENT);
		assertThat(this.asked).isEmpty();
	}

	@Test
	void shouldGoWhereAnAgentTurnsUpThatIsWaitedFor() {
		this.directory.addAll(List.of(at(null, 1), at(this.one, 2)));
		this.forwards.add(Mono.just("answer"));
		this.arrival = Mono.just(true);
		assertThat(run(WAIT)).isEqualTo("answer");
	}

	@Test
	void shouldWaitForAnAgentWhoseNodeCannotBeReached() {
		this.directory.addAll(List.of(at(this.one, 1), at(this.one, 1), at(this.two, 2)));
		this.forwards.add(Mono.error(new ForwardException(Reason.UNSENT)));
		this.forwards.add(Mono.just("answer"));
		this.arrival = Mono.just(true);
		assertThat(run(WAIT)).isEqualTo("answer");
		assertThat(this.asked).containsExactly(this.one, this.two);
	}

	@Test
	void shouldWaitOnWhenTheAgentHasLeftAgain() {
		this.directory.addAll(List.of(at(null, 1), at(this.one, 2), at(null, 2), at(this.two, 3)));
		this.forwards.add(Mono.error(ForwardException.notHere(2)));
		this.forwards.add(Mono.just("answer"));
		this.arrival = Mono.just(true);
		assertThat(run(WAIT)).isEqualTo("answer");
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

	private String run() {
		return run(Duration.ZERO);
	}

	private String run(Duration connectWait) {
		return this.router
			.run(AGENT, WAIT, connectWait, new Errand<String>((_) -> Mono.error(new AssertionError()), (node, _) -> {
				this.asked.add(node);
				return this.forwards.remove();
			}))
			.blockOptional(WAIT)
			.orElseThrow();
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
		return new NodeRecord(NodeId.random(), "127.0.0.1", 1, null, NodeState.UP, 0, 1, Instant.EPOCH,
				Duration.ofSeconds(15));
	}

	private static AgentRecord at(@Nullable NodeRecord node, long epoch) {
		return new AgentRecord(AGENT, node, new ConnectionId(NodeId.random().value()), epoch, Instant.EPOCH,
				Instant.EPOCH, null, new Supersessions(0, Instant.EPOCH));
	}

}

package dev.switchboard.diagnosis;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.json.Envelope;
import dev.switchboard.json.Payload;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.ForwardException;
import dev.switchboard.routing.Forwarder;
import dev.switchboard.routing.TestRouting;
import dev.switchboard.routing.Verb;
import dev.switchboard.time.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class DiagnosesTests {

	private static final AgentId AGENT = TestEvents.agent("laptop");

	private static final NodeRecord DEAD = new NodeRecord(NodeId.parse("00000000-0000-4000-8000-0000000000dd"),
			"127.0.0.1", 8070, null, NodeState.DEAD, 0, 10, Instant.EPOCH, Duration.ofSeconds(15));

	private final ManualTime time = new ManualTime();

	private final TestRouting routing = new TestRouting();

	private final AgentHistories histories = new AgentHistories(1000, TestEvents.NODE, this.time::now, this.time,
			new SimpleMeterRegistry());

	private Mono<List<NodeRecord>> nodes = Mono.just(List.of(TestRouting.OTHER, DEAD));

	private Mono<Payload> answer = Mono.empty();

	private @Nullable ProblemException refusal;

	private final Diagnoses diagnoses = new Diagnoses(
			new NodeKnowledge(new ConnectionRegistry(), this.histories, new RecentCalls(this.histories, this.time)),
			this.routing.presence, (_) -> this.nodes, new OtherNode(), TestEvents.NODE, (_) -> this.refusal);

	@Test
	void shouldAddWhatTheOtherNodesKnow() {
		this.routing.add(AGENT, true);
		this.histories.add(AGENT, TestEvents.close(1, 1001, ""));
		AgentHistory there = AgentHistory.NONE.with(TestEvents.close(2, 4000, ""));
		this.answer = Mono.just(new Findings(new HeldConnection(1, null, 0, 0, null, 1L), there).json());
		Envelope diagnosis = diagnose();
		assertThat(diagnosis.payload("reachable").text()).isEqualTo("true");
		assertThat(diagnosis.string("node")).isEqualTo(TestRouting.OTHER.id().toString());
		assertThat(diagnosis.objects("lastCloses")).extracting((close) -> close.integer("code"))
			.containsExactly(4000L, 1001L);
	}

	@Test
	void shouldSayThatAnAgentIsKeptOut() {
		this.routing.add(AGENT, true);
		this.refusal = new ProblemException(Problem.AGENT_REVOKED, "The agent is revoked");
		Envelope diagnosis = diagnose();
		assertThat(diagnosis.payload("reachable").text()).isEqualTo("false");
		assertThat(diagnosis.string("because")).startsWith("The agent is revoked");
	}

	@Test
	void shouldAnswerWithinASecondThoughANodeIsSilent() {
		this.routing.add(AGENT, true);
		this.answer = Mono.never();
		StepVerifier.withVirtualTime(() -> this.diagnoses.of(AGENT))
			.thenAwait(Duration.ofMillis(999))
			.assertNext((diagnosis) -> assertThat(read(diagnosis).string("because")).contains("does not answer"))
			.verifyComplete();
	}

	@Test
	void shouldTakeANodeThatDoesNotKnowTheQuestionForOneThatKnowsNothing() {
		this.routing.add(AGENT, false);
		this.answer = Mono.error(new ForwardException(ForwardException.Reason.UNSENT));
		assertThat(diagnose().string("because")).startsWith("The agent is offline since");
		this.answer = Mono.just(Payload.parse("{\"lastCloses\":7}"));
		assertThat(diagnose().string("because")).startsWith("The agent is offline since");
	}

	@Test
	void shouldTellWhatThisNodeKnowsWhileTheDirectoryIsAway() {
		this.routing.add(AGENT, false);
		this.histories.add(AGENT, TestEvents.close(1, 4001, "heartbeat missed"));
		this.nodes = Mono.error(new DatabaseUnavailableException("away", null));
		assertThat(diagnose().objects("lastCloses")).hasSize(1);
	}

	@Test
	void shouldRefuseMoreDiagnosesAtATimeThanItMayMake() {
		this.routing.add(AGENT, true);
		this.answer = Mono.never();
		List<Disposable> running = IntStream.range(0, Diagnoses.MOST)
			.mapToObj((_) -> this.diagnoses.of(AGENT).subscribe())
			.toList();
		StepVerifier.create(this.diagnoses.of(AGENT))
			.expectErrorMatches((error) -> error instanceof ProblemException failure
					&& failure.problem() == Problem.TOO_MANY_REQUESTS)
			.verify();
		running.forEach(Disposable::dispose);
		this.answer = Mono.empty();
		assertThat(this.diagnoses.of(AGENT).blockOptional()).isPresent();
	}

	private Envelope diagnose() {
		return read(Objects.requireNonNull(this.diagnoses.of(AGENT).block()));
	}

	private static Envelope read(Diagnosis diagnosis) {
		return Envelope.parse(diagnosis.json());
	}

	/** Answers as the test says; only the living other node may be asked. */
	private final class OtherNode implements Forwarder {

		@Override
		public <T> Mono<T> forward(NodeRecord node, Verb<T> verb) {
			return Mono.error(new AssertionError("a diagnosis runs no verb"));
		}

		@Override
		public Mono<Payload> ask(NodeRecord node, String kind, String subject, Duration timeToLive) {
			assertThat(node).isEqualTo(TestRouting.OTHER);
			assertThat(kind + " " + subject).isEqualTo("diagnosis acme/laptop");
			return DiagnosesTests.this.answer;
		}

	}

}

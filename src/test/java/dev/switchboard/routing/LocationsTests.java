package dev.switchboard.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.directory.AgentRecord;
import dev.switchboard.directory.Claim;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.directory.SupersedeStreak;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.tenant.Admittance;
import dev.switchboard.time.ManualTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class LocationsTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop-1");

	private static final Duration WAIT = Duration.ofSeconds(10);

	private final NodeId self = TestIds.node();

	private final ManualTime time = new ManualTime();

	private final AtomicInteger asked = new AtomicInteger();

	private Mono<AgentRecord> answer = at(node(), 1);

	private boolean takesClaims = true;

	private final Admittance admittance = new Admittance();

	private final Locations locations = new Locations((_, _) -> Mono.defer(() -> {
		this.asked.incrementAndGet();
		return this.answer;
	}), this.self, this.time, new Absence(() -> this.takesClaims), this.admittance);

	@Test
	void shouldAskOnceWhileTheAnswerIsFresh() {
		Location first = locate();
		pass(Duration.ofSeconds(4));
		assertThat(locate()).isEqualTo(first);
		assertThat(this.asked).hasValue(1);
	}

	@Test
	void shouldAskAgainWhenTheAnswerIsOld() {
		locate();
		pass(Duration.ofSeconds(6));
		this.answer = at(node(), 2);
		assertThat(locate().epoch()).isEqualTo(2);
	}

	@Test
	void shouldAskAgainOnceItWasToldOtherwise() {
		locate();
		this.locations.forget(AGENT);
		this.answer = at(node(), 2);
		assertThat(locate().epoch()).isEqualTo(2);
	}

	@Test
	void shouldNotRememberWhoIsOfflineOrHere() {
		this.answer = at(null, 1);
		assertThat(locate().node()).isNull();
		this.answer = at(node(this.self), 2);
		assertThat(locate().node()).isNull();
		locate();
		assertThat(this.asked).hasValue(3);
	}

	@Test
	void shouldUseWhatIsOldWhileTheDirectoryIsAway() {
		Location old = locate();
		pass(Duration.ofMinutes(5));
		this.answer = away();
		assertThat(locate()).isEqualTo(old);
	}

	@Test
	void shouldNotWaitAgainForADirectoryThatIsAway() {
		locate();
		pass(Duration.ofMinutes(5));
		this.answer = away();
		locate();
		locate();
		assertThat(this.asked).hasValue(2);
		pass(Duration.ofSeconds(1));
		this.answer = at(node(), 2);
		assertThat(locate().epoch()).isEqualTo(2);
	}

	@Test
	void shouldSayUnavailableWithoutALocation() {
		this.answer = away();
		StepVerifier.create(this.locations.locate(AGENT, WAIT))
			.expectErrorSatisfies((failure) -> assertProblem(failure, Problem.UNAVAILABLE))
			.verify(WAIT);
	}

	@Test
	void shouldSayUnknownOfOneThatWasNeverSeen() {
		this.answer = Mono.empty();
		StepVerifier.create(this.locations.locate(AGENT, WAIT))
			.expectErrorSatisfies((failure) -> assertProblem(failure, Problem.AGENT_UNKNOWN))
			.verify(WAIT);
	}

	@Test
	void shouldSayUnavailableOfOneThatMayBeConnectedWithoutItsClaim() {
		this.takesClaims = false;
		this.answer = Mono.empty();
		StepVerifier.create(this.locations.locate(AGENT, WAIT))
			.expectErrorSatisfies((failure) -> assertProblem(failure, Problem.UNAVAILABLE))
			.verify(WAIT);
	}

	@Test
	void shouldFindManyInMemoryOrElseInTheDirectory() {
		assertThat(locateAll()).containsOnlyKeys(AGENT);
		pass(Duration.ofSeconds(4));
		assertThat(locateAll()).containsOnlyKeys(AGENT);
		assertThat(locate().epoch()).isEqualTo(1);
		assertThat(this.asked).hasValue(1);
		pass(Duration.ofSeconds(2));
		locateAll();
		assertThat(this.asked).hasValue(2);
	}

	@Test
	void shouldNotFindAmongManyWhatNoOtherNodeHolds() {
		this.answer = at(null, 1);
		assertThat(locateAll()).isEmpty();
		this.answer = at(node(this.self), 2);
		assertThat(locateAll()).isEmpty();
		this.answer = Mono.empty();
		assertThat(locateAll()).isEmpty();
	}

	private Map<AgentId, NodeRecord> locateAll() {
		return Objects.requireNonNull(this.locations.locateAll(List.of(AGENT), WAIT).block());
	}

	private static void assertProblem(Throwable failure, Problem problem) {
		assertThat(failure).isInstanceOfSatisfying(ProblemException.class,
				(ex) -> assertThat(ex.problem()).isEqualTo(problem));
	}

	private Location locate() {
		return this.locations.locate(AGENT, WAIT).blockOptional(WAIT).orElseThrow();
	}

	private void pass(Duration by) {
		this.time.advance(by);
	}

	private static Mono<AgentRecord> away() {
		return Mono.error(new DatabaseUnavailableException("away", null));
	}

	private static NodeRecord node() {
		return node(TestIds.node());
	}

	private static NodeRecord node(NodeId id) {
		return new NodeRecord(id, "127.0.0.1", 1, null, NodeState.UP, 0, 1, Instant.EPOCH, Duration.ofSeconds(15));
	}

	private static Mono<AgentRecord> at(@Nullable NodeRecord node, long epoch) {
		return Mono.just(
				new AgentRecord(new Claim(AGENT, new ConnectionId(TestIds.node().value()), epoch, Instant.EPOCH, null),
						node, Instant.EPOCH, new SupersedeStreak(0, Instant.EPOCH)));
	}

}

package dev.switchboard.drain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.ScriptedSession;
import dev.switchboard.drain.DrainState.Phase;
import dev.switchboard.listener.ApiConnections;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.node.NodeTraits;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.time.Chance;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.concurrent.DefaultEventExecutor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class DrainTests {

	private static final Duration ANNOUNCE = Duration.ofSeconds(5);

	private static final Duration WITHIN = Duration.ofSeconds(50);

	/** When the agents are disconnected that did not move. */
	private static final Duration FINISH = Duration.ofSeconds(45);

	private final DefaultEventExecutor loop = new DefaultEventExecutor();

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final List<ScriptedSession> sessions = new ArrayList<>();

	private final List<AgentConnection> connections = new ArrayList<>();

	private final List<Boolean> readiness = new ArrayList<>();

	private final List<@Nullable Instant> published = new CopyOnWriteArrayList<>();

	private final List<Boolean> ended = new ArrayList<>();

	private Destinations destinations = among(5000, "wss://b.example.com/v1/connect");

	private int recordedCalls;

	private int forwarded;

	private final DrainedNode node = new DrainedNode(this.readiness::add, this.registry, new ApiConnections(),
			(until) -> Mono.fromRunnable(() -> this.published.add((until != null) ? until : Instant.MIN)),
			() -> Mono.just(this.destinations), () -> this.forwarded, () -> this.recordedCalls, () -> Instant.EPOCH);

	private final Drain drain = new Drain(new DrainSettings(ANNOUNCE, WITHIN),
			new DrainSteps(this.node, new GoAways(Chance.seeded(1), new SimpleMeterRegistry()), Chance.seeded(2)));

	private VirtualTimeScheduler time;

	DrainTests() {
		this.time = VirtualTimeScheduler.getOrSet();
	}

	@BeforeEach
	void useVirtualTime() {
		this.time = VirtualTimeScheduler.getOrSet();
	}

	@AfterEach
	void stop() {
		VirtualTimeScheduler.reset();
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	private static Destinations among(int rate, @Nullable String url) {
		NodeRecord other = new NodeRecord(TestIds.node(), "127.0.0.1", 8070, url, NodeState.UP, 0, 100, Instant.EPOCH,
				Duration.ofSeconds(15), new NodeTraits("1", null, rate, Instant.EPOCH, null));
		return new Destinations(List.of(other), true, 1);
	}

	@Test
	void shouldAskAgentsToMoveOnlyAfterTheAnnouncement() {
		connect(1);
		this.drain.start(null);
		assertThat(this.readiness).containsExactly(false);
		assertThat(this.published).contains(Instant.EPOCH.plus(WITHIN));
		assertThat(this.drain.isDraining()).isTrue();
		pass(ANNOUNCE.minusMillis(1));
		assertThat(written(0)).isEmpty();
		pass(Duration.ofMillis(1));
		assertThat(written(0)).singleElement()
			.asString()
			.startsWith("{\"type\":\"goaway\"")
			.contains("\"url\":\"wss://b.example.com/v1/connect\"", "\"reason\":\"drain\"");
		assertThat(this.drain.state().phase()).isEqualTo(Phase.MOVING);
	}

	@Test
	void shouldNameNoUrlIfTheOtherNodesHaveNone() {
		this.destinations = among(5000, null);
		connect(1);
		this.drain.start(null);
		pass(ANNOUNCE);
		assertThat(written(0)).singleElement().asString().startsWith("{\"type\":\"goaway\"").doesNotContain("url");
	}

	@Test
	void shouldEndAsSoonAsAllAgentsHaveMoved() {
		connect(2);
		start(this.drain.start(null));
		pass(ANNOUNCE.plusSeconds(10));
		assertThat(this.ended).isEmpty();
		moveAway(0);
		moveAway(1);
		pass(Duration.ofMillis(100));
		assertThat(this.ended).containsExactly(true);
		assertThat(this.drain.state().phase()).isEqualTo(Phase.ENDED);
		assertThat(this.drain.isDraining()).isTrue();
	}

	@Test
	void shouldDisconnectAgentsThatDoNotMoveAtTheEnd() {
		connect(1);
		start(this.drain.start(null));
		pass(FINISH.minusMillis(1));
		assertThat(closeCode(0)).isNull();
		pass(Duration.ofMillis(1));
		await().until(() -> closeCode(0) != null);
		assertThat(closeCode(0)).isEqualTo(1012);
		assertThat(this.ended).isEmpty();
		pass(WITHIN.minus(FINISH));
		assertThat(this.ended).containsExactly(true);
	}

	@Test
	void shouldAskAgentsAtHalfTheRateThatTheOtherNodesTake() {
		this.destinations = among(100, null);
		connect(1000);
		this.drain.start(null);
		pass(ANNOUNCE);
		for (int step = 0; step < 100; step++) {
			pass(Duration.ofMillis(100));
			IntStream.range(0, 1000).filter((agent) -> !written(agent).isEmpty()).forEach(this::moveAway);
		}
		assertThat(asked()).isBetween(495L, 510L);
	}

	@Test
	void shouldAskNoMoreThanItMustWhileAgentsDoNotFollow() {
		this.destinations = among(100, null);
		connect(300);
		this.drain.start(null);
		pass(ANNOUNCE.plusSeconds(3));
		assertThat(asked()).isBetween(50L, 56L);
		pass(FINISH.minus(ANNOUNCE).multipliedBy(2).dividedBy(3));
		assertThat(asked()).isEqualTo(300);
	}

	@Test
	void shouldAskFasterIfTheTimeWouldNotSuffice() {
		this.destinations = among(10, null);
		connect(1000);
		this.drain.start(null);
		pass(ANNOUNCE.plus(FINISH.minus(ANNOUNCE).multipliedBy(2).dividedBy(3)).plusMillis(100));
		assertThat(asked()).isEqualTo(1000);
	}

	@Test
	void shouldMoveAgentsAtItsOwnRateIfTheDirectoryIsAway() {
		this.destinations = Destinations.unknown(100);
		connect(100);
		start(this.drain.startBeforeEnd());
		pass(ANNOUNCE.plusSeconds(1));
		assertThat(asked()).isBetween(45L, 55L);
		assertThat(this.ended).isEmpty();
	}

	@Test
	void shouldWaitForRecordedCallsBeforeTheProcessEnds() {
		this.recordedCalls = 1;
		start(this.drain.startBeforeEnd());
		pass(FINISH.minusSeconds(1));
		assertThat(this.ended).isEmpty();
		this.recordedCalls = 0;
		pass(Duration.ofMillis(100));
		assertThat(this.ended).containsExactly(true);
	}

	@Test
	void shouldNotWaitForRecordedCallsIfTheProcessGoesOn() {
		this.recordedCalls = 1;
		start(this.drain.start(null));
		pass(ANNOUNCE.plusMillis(100));
		assertThat(this.ended).containsExactly(true);
	}

	@Test
	void shouldEndInTimeWhateverIsLeft() {
		this.recordedCalls = 1;
		connect(1);
		start(this.drain.startBeforeEnd());
		pass(WITHIN.plusMillis(100));
		assertThat(this.ended).containsExactly(true);
	}

	@Test
	void shouldNotWaitForAgentsThatHaveNowhereToGoIfTheProcessEnds() {
		this.destinations = new Destinations(List.of(), true, 1);
		connect(1);
		start(this.drain.startBeforeEnd());
		pass(Duration.ofMillis(100));
		assertThat(this.ended).containsExactly(true);
		assertThat(written(0)).isEmpty();
	}

	@Test
	void shouldWaitForCallsEvenIfAgentsHaveNowhereToGo() {
		this.destinations = new Destinations(List.of(), true, 1);
		this.recordedCalls = 1;
		start(this.drain.startBeforeEnd());
		pass(Duration.ofSeconds(10));
		assertThat(this.ended).isEmpty();
		this.recordedCalls = 0;
		pass(Duration.ofMillis(100));
		assertThat(this.ended).containsExactly(true);
	}

	@Test
	void shouldWaitForTheRequestsOfOtherNodesThatLeaveToo() {
		this.destinations = new Destinations(List.of(), true, 1);
		this.forwarded = 1;
		connect(1);
		start(this.drain.startBeforeEnd());
		pass(Duration.ofSeconds(10));
		assertThat(this.ended).isEmpty();
		this.forwarded = 0;
		pass(Duration.ofMillis(100));
		assertThat(this.ended).containsExactly(true);
	}

	@Test
	void shouldEndEarlyIfAllOtherNodesLeaveToo() {
		connect(1);
		start(this.drain.startBeforeEnd());
		pass(ANNOUNCE.plusSeconds(5));
		assertThat(this.ended).isEmpty();
		this.destinations = new Destinations(List.of(), true, 1);
		pass(Duration.ofSeconds(2));
		assertThat(this.ended).containsExactly(true);
	}

	@Test
	void shouldTakeAnOperatorsDrainBack() {
		connect(1);
		start(this.drain.start(null));
		assertThat(this.drain.takeBack().block()).isTrue();
		assertThat(this.ended).containsExactly(true);
		assertThat(this.drain.isDraining()).isFalse();
		assertThat(this.readiness).containsExactly(false, true);
		assertThat(this.published).last().isEqualTo(Instant.MIN);
		pass(WITHIN);
		assertThat(written(0)).isEmpty();
	}

	@Test
	void shouldTakeBackADrainThatHasEnded() {
		start(this.drain.start(null));
		pass(WITHIN);
		assertThat(this.drain.takeBack().block()).isTrue();
		assertThat(this.drain.state()).isEqualTo(DrainState.NONE);
	}

	@Test
	void shouldSayThatThereIsNothingToTakeBack() {
		assertThat(this.drain.takeBack().block()).isTrue();
		assertThat(this.readiness).isEmpty();
	}

	@Test
	void shouldNotTakeBackTheDrainOfAProcessThatEnds() {
		start(this.drain.startBeforeEnd());
		assertThat(this.drain.takeBack().block()).isFalse();
		assertThat(this.drain.isDraining()).isTrue();
	}

	@Test
	void shouldChangeNothingWhenItIsStartedAgain() {
		start(this.drain.start(Duration.ofSeconds(20)));
		DrainState before = this.drain.state();
		start(this.drain.start(Duration.ofSeconds(100)));
		assertThat(this.drain.state()).isEqualTo(before);
		pass(Duration.ofSeconds(20));
		assertThat(this.ended).containsExactly(true, true);
	}

	@Test
	void shouldGoOnWithoutAnotherAnnouncementWhenTheProcessEnds() {
		connect(1);
		start(this.drain.start(Duration.ofHours(1)));
		pass(ANNOUNCE.plusSeconds(1));
		start(this.drain.startBeforeEnd());
		assertThat(this.drain.state().ending()).isTrue();
		moveAway(0);
		pass(Duration.ofMillis(200));
		assertThat(this.ended).containsExactly(true, true);
	}

	@Test
	void shouldAnnounceForAtMostHalfOfAShortDrain() {
		connect(1);
		this.drain.start(Duration.ofSeconds(2));
		pass(Duration.ofSeconds(1));
		assertThat(asked()).isEqualTo(1);
	}

	@Test
	void shouldTellItsStates() {
		List<Phase> phases = new ArrayList<>();
		this.drain.states().map(DrainState::phase).subscribe(phases::add);
		this.drain.start(null);
		pass(WITHIN);
		this.drain.takeBack().block();
		assertThat(phases).containsExactly(Phase.NONE, Phase.ANNOUNCED, Phase.MOVING, Phase.FINISHING, Phase.ENDED,
				Phase.NONE);
	}

	private void start(Mono<Void> end) {
		end.subscribe(null, null, () -> this.ended.add(true));
	}

	private void connect(int agents) {
		IntStream.range(0, agents).forEach((i) -> {
			ScriptedSession session = new ScriptedSession(this.loop);
			AgentConnection connection = session.open(new AgentId("acme", "a" + i), 1);
			session.take(Long.MAX_VALUE);
			this.registry.add(connection);
			this.sessions.add(session);
			this.connections.add(connection);
		});
	}

	private void moveAway(int agent) {
		this.registry.remove(this.connections.get(agent));
	}

	private List<String> written(int agent) {
		return this.sessions.get(agent).written();
	}

	private long asked() {
		return IntStream.range(0, this.sessions.size()).filter((agent) -> !written(agent).isEmpty()).count();
	}

	private @Nullable Integer closeCode(int agent) {
		written(agent);
		return this.sessions.get(agent).closeStatus().map((status) -> status.getCode()).block();
	}

	private void pass(Duration time) {
		this.time.advanceTimeBy(time);
	}

}

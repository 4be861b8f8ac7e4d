package dev.switchboard.rebalance;

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
import dev.switchboard.drain.TestMoves;
import dev.switchboard.json.Payload;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.routing.Forwarder;
import dev.switchboard.routing.Verb;
import dev.switchboard.time.Chance;
import dev.switchboard.time.ManualTime;
import dev.switchboard.time.Periodic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.concurrent.DefaultEventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/** The node under test has number 0. */
class RebalanceTests {

	private static final int AGENTS = 100;

	/** The agents connect at this time, and later rebalances begin. */
	private static final Instant CONNECTED = Instant.EPOCH.plusSeconds(1000);

	private final DefaultEventExecutor loop = new DefaultEventExecutor();

	private final ManualTime time = new ManualTime();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final List<ScriptedSession> sessions = new ArrayList<>();

	private final List<AgentConnection> connections = new ArrayList<>();

	/** The other nodes. */
	private List<NodeRecord> nodes = List.of(TestNodes.up(1, 0, TestNodes.CAPACITY));

	private final List<String> notices = new CopyOnWriteArrayList<>();

	private final List<Throwable> failures = new ArrayList<>();

	private Payload answer = Payload.TRUE;

	private boolean draining;

	private boolean congested;

	private int ignored;

	private final RebalancedNode node = new RebalancedNode(TestNodes.id(0), 5000, () -> Mono.just(all()), (_) -> true,
			this.registry::size, Mono::empty, () -> true, () -> this.congested, () -> this.draining, this.time::now);

	private RebalanceSettings settings = new RebalanceSettings(true, 0.1, 0.01);

	private final MovingAgents moving = new MovingAgents(this.registry, this.time, this.meters);

	@SuppressWarnings("NullAway.Init")
	private RebalanceState state;

	@SuppressWarnings("NullAway.Init")
	private Periodic looks;

	private final class OtherNode implements Forwarder {

		@Override
		public <T> Mono<T> forward(NodeRecord node, Verb<T> verb) {
			return Mono.error(new AssertionError());
		}

		@Override
		public Mono<Payload> ask(NodeRecord node, String kind, String subject, Duration timeToLive) {
			return Mono.fromSupplier(() -> {
				RebalanceTests.this.notices.add(subject);
				return RebalanceTests.this.answer;
			});
		}

	}

	@BeforeEach
	void useVirtualTime() {
		VirtualTimeScheduler.getOrSet();
		this.time.advance(Duration.ofHours(1));
	}

	@AfterEach
	void stop() {
		this.looks.dispose();
		VirtualTimeScheduler.reset();
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
		assertThat(this.failures).isEmpty();
	}

	private void start() {
		this.state = new RebalanceState(this.settings, this.time::now, this.time);
		AskedAgents<AgentConnection> asked = new AskedAgents<>((connection) -> !connection.accepts(),
				() -> this.ignored++);
		Rebalance rebalance = new Rebalance(this.settings, this.node, this.state,
				new OtherNodes(TestNodes.id(0), new OtherNode()), this.moving, TestMoves.of(this.registry), asked,
				Chance.seeded(1), this.time);
		this.looks = new Periodic(rebalance::pause, rebalance::look, this.failures::add);
		this.looks.start();
	}

	private List<NodeRecord> all() {
		List<NodeRecord> all = new ArrayList<>(this.nodes);
		all.add(TestNodes.up(0, this.registry.size(), TestNodes.CAPACITY));
		return all;
	}

	@Test
	void shouldAskTheSurplusAtTheRate() {
		connect(AGENTS);
		start();
		pass(Duration.ofSeconds(5));
		assertThat(asked()).as("seen once").isZero();
		pass(Duration.ofSeconds(7));
		assertThat(this.state.isGoingOn()).isTrue();
		assertThat(asked()).isPositive();
		long before = asked();
		pass(Duration.ofSeconds(20));
		assertThat(asked() - before).as("1 % of 100 agents a second").isBetween(15L, 21L);
		pass(Duration.ofSeconds(20));
		assertThat(asked()).as("half of 100 agents").isLessThanOrEqualTo(50);
	}

	@Test
	void shouldNotAskMoreThanWouldMakeTheNodesLevel() {
		this.settings = new RebalanceSettings(true, 0.1, 1);
		connect(AGENTS);
		start();
		pass(Duration.ofSeconds(25));
		assertThat(asked()).as("as long as none has moved").isEqualTo(50);
		moveAsked();
		this.nodes = List.of(TestNodes.up(1, 50, TestNodes.CAPACITY));
		pass(Duration.ofSeconds(60));
		assertThat(asked()).isEqualTo(50);
		assertThat(this.state.isGoingOn()).isFalse();
	}

	@Test
	void shouldTellTheOtherNodesBeforeItAsks() {
		connect(AGENTS);
		start();
		pass(Duration.ofSeconds(12));
		AgentId first = this.connections.getFirst().agent();
		assertThat(this.notices).anyMatch((notice) -> notice.startsWith("moving ") && notice.contains(" " + first));
		assertThat(this.sessions.getFirst().written()).singleElement().asString().contains("\"reason\":\"rebalance\"");
		assertThat(this.moving.isMoving(first)).isTrue();
	}

	@Test
	void shouldAskOthersInPlaceOfAgentsThatIgnoreIt() {
		this.settings = new RebalanceSettings(true, 0.1, 1);
		connect(AGENTS);
		start();
		pass(Duration.ofSeconds(25));
		assertThat(asked()).isEqualTo(50);
		pass(AskedAgents.LONG_PATIENCE.plusSeconds(5));
		assertThat(this.ignored).isEqualTo(50);
		assertThat(asked()).isEqualTo(100);
		assertThat(this.sessions).allSatisfy((session) -> assertThat(session.written()).hasSize(1));
	}

	@Test
	void shouldEndAndRestIfAgentsDoNotMove() {
		this.settings = new RebalanceSettings(true, 0.1, 1);
		connect(AGENTS);
		start();
		pass(AskedAgents.LONG_PATIENCE.plusSeconds(60).plus(RebalanceState.QUIET));
		assertThat(this.state.isGoingOn()).isFalse();
		pass(RebalanceState.REST.minusSeconds(60));
		assertThat(this.state.isGoingOn()).isFalse();
		pass(Duration.ofSeconds(80));
		assertThat(this.state.isGoingOn()).isTrue();
	}

	@Test
	void shouldNotMoveAgentsThatHaveConnectedSince() {
		connect(AGENTS);
		start();
		pass(Duration.ofSeconds(12));
		this.time.advance(Duration.ofSeconds(1));
		IntStream.range(0, 6).forEach((i) -> connect(AGENTS + i, this.time.now()));
		this.nodes = List.of(TestNodes.up(1, 20, TestNodes.CAPACITY));
		pass(Duration.ofSeconds(80));
		assertThat(this.sessions.subList(AGENTS, AGENTS + 6))
			.allSatisfy((session) -> assertThat(session.written()).isEmpty());
	}

	@Test
	void shouldBeginOnlyBeyondTheThresholdAndGoOnBelowIt() {
		this.nodes = List.of(TestNodes.up(1, 84, TestNodes.CAPACITY));
		connect(AGENTS);
		start();
		pass(Duration.ofSeconds(30));
		assertThat(this.state.isGoingOn()).as("8.7 % from the mean, of a few agents").isFalse();
		this.nodes = List.of(TestNodes.up(1, 70, TestNodes.CAPACITY));
		pass(Duration.ofSeconds(30));
		assertThat(this.state.isGoingOn()).as("17 %").isTrue();
		this.nodes = List.of(TestNodes.up(1, 90, TestNodes.CAPACITY));
		pass(Duration.ofSeconds(5));
		assertThat(this.state.isGoingOn()).as("5 %").isTrue();
		this.nodes = List.of(TestNodes.up(1, 96, TestNodes.CAPACITY));
		pass(Duration.ofSeconds(5));
		assertThat(this.state.isGoingOn()).as("2 %").isFalse();
	}

	@Test
	void shouldNotMoveAgentsDuringADrain() {
		this.nodes = List.of(TestNodes.up(1, 0, 1000), TestNodes.node(2, NodeState.DRAINING, 50, 1000, null));
		connect(AGENTS);
		start();
		pass(Duration.ofSeconds(30));
		assertThat(asked()).isZero();
		assertThat(this.state.join(new Run(CONNECTED, true, true))).isFalse();
		this.nodes = List.of(TestNodes.up(1, 0, 1000));
		pass(Duration.ofSeconds(30));
		assertThat(this.state.isGoingOn()).isTrue();
		this.draining = true;
		pass(Duration.ofSeconds(3));
		assertThat(this.state.isGoingOn()).isFalse();
	}

	@Test
	void shouldNotMoveAgentsDuringAStorm() {
		connect(AGENTS);
		start();
		for (int i = 0; i < 6; i++) {
			this.nodes = List.of(TestNodes.up(1, 0, 1000), TestNodes.up(2, 20 * i, 1000));
			pass(Duration.ofSeconds(5));
		}
		assertThat(this.state.isGoingOn()).isFalse();
		pass(Duration.ofSeconds(30));
		assertThat(this.state.isGoingOn()).isTrue();
		this.congested = true;
		pass(Duration.ofSeconds(2));
		long before = asked();
		pass(Duration.ofSeconds(10));
		assertThat(asked()).isEqualTo(before);
	}

	@Test
	void shouldNotMoveAgentsToNodesThatTakeNone() {
		this.answer = Payload.FALSE;
		connect(AGENTS);
		start();
		pass(Duration.ofSeconds(30));
		assertThat(asked()).isZero();
		assertThat(this.moving.isMoving(this.connections.getFirst().agent())).isFalse();
	}

	@Test
	void shouldBeginByItselfOnlyIfEnabled() {
		this.settings = new RebalanceSettings(false, 0.1, 0.01);
		connect(AGENTS);
		start();
		pass(Duration.ofSeconds(30));
		assertThat(this.state.isGoingOn()).isFalse();
		assertThat(this.state.join(new Run(this.time.now(), false, false))).isTrue();
		pass(Duration.ofSeconds(30));
		assertThat(asked()).as("takes part, and moves none").isZero();
		assertThat(this.state.join(new Run(this.time.now(), true, true))).isTrue();
		pass(Duration.ofSeconds(10));
		assertThat(asked()).isPositive();
	}

	@Test
	void shouldNotRefuseMovingAgentsByAnOldPlan() {
		start();
		pass(Duration.ofSeconds(6));
		AgentId agent = new AgentId("acme", "a");
		Notice notice = new Notice(Notice.Kind.MOVING, this.time.now(), true, List.of(agent));
		Rebalances rebalances = new Rebalances(this.settings, this.node, this.state,
				new OtherNodes(TestNodes.id(0), new OtherNode()), this.moving);
		assertThat(rebalances.question().answer().apply(notice.text()).block()).isEqualTo(Payload.TRUE);
		assertThat(this.moving.isMoving(agent)).isTrue();
		assertThat(this.moving.refuse(agent)).isNull();
	}

	@Test
	void shouldMoveEvenAFewAgentsForAnOperator() {
		this.nodes = List.of(TestNodes.up(1, 96, TestNodes.CAPACITY));
		connect(AGENTS);
		start();
		this.state.join(new Run(this.time.now(), true, true));
		pass(Duration.ofSeconds(10));
		assertThat(asked()).isEqualTo(2);
		moveAsked();
		this.nodes = List.of(TestNodes.up(1, 98, TestNodes.CAPACITY));
		pass(Duration.ofSeconds(5));
		assertThat(this.state.isGoingOn()).isFalse();
	}

	private void connect(int agents) {
		IntStream.range(0, agents).forEach((i) -> connect(i, CONNECTED.plusSeconds(i)));
	}

	private void connect(int number, Instant at) {
		ScriptedSession session = new ScriptedSession(this.loop);
		long epoch = Math.addExact(TimeUnit.SECONDS.toMicros(at.getEpochSecond()), at.getNano() / 1000);
		AgentConnection connection = session.open(new AgentId("acme", "a" + number), epoch);
		session.take(Long.MAX_VALUE);
		this.registry.add(connection);
		this.sessions.add(session);
		this.connections.add(connection);
	}

	/** Lets the asked agents move to another node. */
	private void moveAsked() {
		IntStream.range(0, this.sessions.size())
			.filter((agent) -> !this.sessions.get(agent).written().isEmpty())
			.mapToObj(this.connections::get)
			.forEach((connection) -> {
				connection.superseded();
				this.registry.remove(connection);
			});
	}

	private long asked() {
		return this.sessions.stream().filter((session) -> !session.written().isEmpty()).count();
	}

	private void pass(Duration time) {
		Duration tick = Duration.ofMillis(50);
		for (long i = 0; i < time.dividedBy(tick); i++) {
			this.time.advance(tick);
			VirtualTimeScheduler.get().advanceTimeBy(tick);
		}
	}

}

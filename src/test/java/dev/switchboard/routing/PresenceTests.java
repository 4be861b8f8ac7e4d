package dev.switchboard.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.ScriptedSession;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.directory.AgentPage;
import dev.switchboard.directory.AgentRecord;
import dev.switchboard.directory.Claim;
import dev.switchboard.directory.LastClose;
import dev.switchboard.directory.SupersedeStreak;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.label.AgentDescription;
import dev.switchboard.label.Selector;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import io.netty.util.concurrent.DefaultEventExecutor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class PresenceTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop-1");

	private static final Duration WAIT = Duration.ofSeconds(10);

	private static final AgentDescription EDGE = AgentDescription.of(new Frame.Hello(Map.of("site", "edge"), "1.2"));

	private static final Instant NOW = Instant.parse("2026-11-26T00:00:00Z");

	private final NodeId self = TestIds.node();

	private final DefaultEventExecutor loop = new DefaultEventExecutor();

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final List<Duration> waits = new ArrayList<>();

	private Mono<AgentRecord> directory = Mono.error(new AssertionError("the directory was asked"));

	private final List<List<AgentId>> described = new ArrayList<>();

	private Mono<Map<AgentId, AgentDescription>> descriptions = Mono.just(Map.of());

	private boolean flapping;

	private boolean takesClaims = true;

	private final Presence presence = new Presence(this.registry, (_, wait) -> {
		this.waits.add(wait);
		return this.directory;
	}, (_, _, _, _, _, _) -> this.directory.map((agent) -> new AgentPage<>(List.of(agent), "next")), this::describe,
			this.self, (_) -> this.flapping, () -> NOW, new Absence(() -> this.takesClaims));

	private Mono<Map<AgentId, AgentDescription>> describe(List<AgentId> agents, Duration wait) {
		this.described.add(agents);
		return this.descriptions;
	}

	@AfterEach
	void stop() {
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	@Test
	void shouldKnowAnAgentOfThisNodeWithoutTheDirectory() {
		AgentConnection connection = new ScriptedSession(this.loop).connection(AGENT, 7);
		this.registry.add(connection);
		this.flapping = true;
		AgentPresence found = locate();
		assertThat(found.node()).isEqualTo(this.self);
		assertThat(found.claim().connection()).isEqualTo(connection.id());
		assertThat(found.claim().epoch()).isEqualTo(7);
		assertThat(found.lastSeen()).isBeforeOrEqualTo(NOW);
		assertThat(found.flapping()).isTrue();
		assertThat(this.waits).isEmpty();
	}

	@Test
	void shouldAskTheDirectoryForAnAgentThatAnotherNodeMayHoldByNow() {
		ScriptedSession session = new ScriptedSession(this.loop);
		this.registry.add(session.connection(AGENT, 7));
		session.sure = false;
		NodeId other = TestIds.node();
		this.directory = Mono.just(record(other));
		assertThat(locate().node()).isEqualTo(other);
		this.directory = Mono.error(new DatabaseUnavailableException("away", null));
		assertThat(locate().node()).isEqualTo(this.self);
	}

	@Test
	void shouldKnowTheLabelsOfAnAgentOfThisNodeWithoutTheDirectory() {
		AgentConnection connection = new ScriptedSession(this.loop).connection(AGENT, 7);
		this.registry.add(connection);
		connection.describe(EDGE);
		assertThat(locate().description()).isEqualTo(EDGE);
		assertThat(this.described).isEmpty();
	}

	/** An earlier connection of the agent has sent the labels. */
	@Test
	void shouldReadLabelsOnceForAConnectionWhoseAgentHasNotDescribedItself() {
		AgentConnection connection = new ScriptedSession(this.loop).connection(AGENT, 7);
		this.registry.add(connection);
		this.descriptions = Mono.error(new DatabaseUnavailableException("away", null));
		assertThat(locate().description()).isEqualTo(AgentDescription.NONE);
		this.descriptions = Mono.just(Map.of(AGENT, EDGE));
		assertThat(locate().description()).isEqualTo(EDGE);
		await().until(() -> connection.description() != null);
		assertThat(locate().description()).isEqualTo(EDGE);
		assertThat(this.described).containsExactly(List.of(AGENT), List.of(AGENT));
	}

	@Test
	void shouldShowTheLabelsOfAgentsOfOtherNodes() {
		this.directory = Mono.just(record(TestIds.node()));
		this.descriptions = Mono.just(Map.of(AGENT, EDGE));
		assertThat(locate().description()).isEqualTo(EDGE);
		assertThat(list()).extracting(AgentPresence::description).containsExactly(EDGE);
	}

	@Test
	void shouldAskTheDirectoryForAnAgentOfAnotherNode() {
		NodeId other = TestIds.node();
		this.directory = Mono.just(record(other));
		assertThat(locate().node()).isEqualTo(other);
	}

	@Test
	void shouldSayOfflineOfAnAgentThatHasJustLeftThisNode() {
		this.directory = Mono.just(record(this.self));
		assertThat(locate().node()).isNull();
		assertThat(list().getFirst().node()).isNull();
	}

	@Test
	void shouldListTheAgentsOfOtherNodesWithTheirNodes() {
		NodeId other = TestIds.node();
		this.directory = Mono.just(record(other));
		assertThat(list()).extracting(AgentPresence::node).containsExactly(other);
	}

	@Test
	void shouldSayHowTheLatestConnectionEndedOnceTheAgentIsOffline() {
		LastClose close = new LastClose(4001, "heartbeat missed", NOW);
		assertThat(located(null, NOW.minusSeconds(1), close).lastClose()).isEqualTo(close);
		assertThat(located(null, NOW.plusSeconds(1), close).lastClose()).isNull();
		assertThat(located(TestIds.node(), NOW.minusSeconds(1), close).lastClose()).isNull();
	}

	private AgentPresence located(@Nullable NodeId node, Instant connectedAt, LastClose close) {
		Claim claim = new Claim(AGENT, TestIds.connection(), 1, connectedAt, null);
		this.directory = Mono
			.just(new AgentRecord(claim, record(node).node(), NOW, new SupersedeStreak(0, Instant.EPOCH), close));
		return locate();
	}

	/**
	 * The agent's node died between two heartbeats, and the agent had connected after the
	 * first of them.
	 */
	@Test
	void shouldNotSeeAnAgentLastBeforeItConnected() {
		this.directory = Mono.just(new AgentRecord(new Claim(AGENT, TestIds.connection(), 1, NOW, null), null,
				NOW.minusSeconds(5), new SupersedeStreak(0, Instant.EPOCH)));
		assertThat(locate().lastSeen()).isEqualTo(NOW);
	}

	/** The directory's clock was set back after the agent had connected. */
	@Test
	void shouldNotSeeAnAgentOfThisNodeLastBeforeItConnected() {
		long epoch = TimeUnit.SECONDS.toMicros(NOW.plusSeconds(20).getEpochSecond());
		this.registry.add(new ScriptedSession(this.loop).connection(AGENT, epoch));
		assertThat(locate().lastSeen()).isEqualTo(NOW.plusSeconds(20));
	}

	@Test
	void shouldSayUnknownOfAnAgentThatWasNeverSeen() {
		this.directory = Mono.empty();
		assertProblem(this.presence.locate(AGENT, WAIT), Problem.AGENT_UNKNOWN);
	}

	@Test
	void shouldSayUnavailableOfAnAgentThatMayBeConnectedWithoutItsClaim() {
		this.takesClaims = false;
		this.directory = Mono.empty();
		assertProblem(this.presence.locate(AGENT, WAIT), Problem.UNAVAILABLE);
	}

	@Test
	void shouldSayUnavailableWhileTheDirectoryDoesNotAnswer() {
		this.directory = Mono.error(new DatabaseUnavailableException("planted", null));
		assertProblem(this.presence.locate(AGENT, WAIT), Problem.UNAVAILABLE);
		assertProblem(this.presence.list("acme", Selector.ALL, null, 10, null), Problem.UNAVAILABLE);
	}

	@Test
	void shouldGiveTheDirectoryHalfOfAShortWaitAndASecondOfALongOne() {
		this.directory = Mono.just(record(null));
		this.presence.locate(AGENT, Duration.ofMillis(500)).block(WAIT);
		this.presence.locate(AGENT, Duration.ofMinutes(1)).block(WAIT);
		assertThat(this.waits).containsExactly(Duration.ofMillis(250), Duration.ofSeconds(1));
	}

	private AgentPresence locate() {
		return this.presence.locate(AGENT, WAIT).blockOptional(WAIT).orElseThrow();
	}

	private List<AgentPresence> list() {
		return this.presence.list("acme", Selector.ALL, null, 10, null).blockOptional(WAIT).orElseThrow().agents();
	}

	private static void assertProblem(Mono<?> result, Problem problem) {
		StepVerifier.create(result)
			.expectErrorSatisfies((failure) -> assertThat(failure).isInstanceOfSatisfying(ProblemException.class,
					(ex) -> assertThat(ex.problem()).isEqualTo(problem)))
			.verify(WAIT);
	}

	private static AgentRecord record(@Nullable NodeId node) {
		NodeRecord holder = (node != null)
				? new NodeRecord(node, "127.0.0.1", 1, null, NodeState.UP, 0, 1, Instant.EPOCH, Duration.ofSeconds(15))
				: null;
		return new AgentRecord(new Claim(AGENT, TestIds.connection(), 1, Instant.EPOCH, null), holder, Instant.EPOCH,
				new SupersedeStreak(0, Instant.EPOCH));
	}

}

package dev.switchboard.node;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.database.Sql;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.node.NodeTable;
import dev.switchboard.directory.Claim;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.TestNode;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.TestIds;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.health.contributor.Status;

import static dev.switchboard.directory.TestNode.LIMIT;
import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

@ParameterizedClass
@EnumSource
class MembershipTests {

	private static final Duration LEASE = Duration.ofSeconds(2);

	private static final AgentId AGENT = new AgentId("acme", "laptop");

	private final ConnectionFactory connections;

	private final TestNode node;

	MembershipTests(TestDatabase kind) {
		this.connections = kind.create();
		this.node = new TestNode(this.connections, LEASE);
		// Makes the tables, since two nodes do not make them in H2 at the same time.
		assertThat(nodes()).isEmpty();
	}

	@AfterEach
	void close() {
		this.node.close();
	}

	private List<NodeRecord> nodes() {
		return get(this.node.member.nodes.list(LIMIT));
	}

	private void started() {
		this.node.membership.start();
		await().atMost(LIMIT).until(this.node.membership::isAnswering);
	}

	private void heartbeats(int count) {
		double before = this.node.statements("heartbeat");
		await().atMost(LIMIT).until(() -> this.node.statements("heartbeat") >= before + 3 * count);
	}

	@Test
	void shouldEnterTheNode() {
		this.node.member.connections = 7;
		started();
		assertThat(nodes()).singleElement().satisfies((entered) -> {
			assertThat(entered.id()).isEqualTo(this.node.id);
			assertThat(entered.host()).isEqualTo("127.0.0.1");
			assertThat(entered.port()).isEqualTo(8070);
			assertThat(entered.agentUrl()).isEqualTo("ws://127.0.0.1:8090");
			assertThat(entered.lease()).isEqualTo(LEASE);
			assertThat(entered.state()).isEqualTo(NodeState.UP);
			assertThat(entered.connections()).isEqualTo(7);
			assertThat(entered.capacity()).isEqualTo(100);
		});
	}

	@Test
	void shouldNotBeAnsweringBeforeTheFirstHeartbeat() {
		assertThat(this.node.membership.isAnswering()).isFalse();
	}

	@Test
	void shouldRenewItsLeaseByTheDatabasesClock() {
		started();
		Instant first = nodes().getFirst().lastHeartbeat();
		await().atMost(LIMIT).until(() -> nodes().getFirst().lastHeartbeat().isAfter(first));
		assertThat(Duration.between(nodes().getFirst().lastHeartbeat(), this.node.clock.now()))
			.isBetween(LEASE.negated(), LEASE);
	}

	@Test
	void shouldSayThatItDrains() {
		started();
		Instant until = Instant.parse("2040-01-02T03:04:05.000006Z");
		this.node.membership.publish(until).block(LIMIT);
		assertThat(nodes().getFirst().state()).isEqualTo(NodeState.DRAINING);
		heartbeats(1);
		assertThat(nodes().getFirst().state()).isEqualTo(NodeState.DRAINING);
		assertThat(nodes().getFirst().traits().drainUntil()).isEqualTo(until);
	}

	@Test
	void shouldSayThatItIsUpAgain() {
		started();
		this.node.membership.publish(this.node.clock.now()).block(LIMIT);
		this.node.membership.publish(null).block(LIMIT);
		heartbeats(1);
		assertThat(nodes().getFirst().state()).isEqualTo(NodeState.UP);
		assertThat(nodes().getFirst().traits().drainUntil()).isNull();
	}

	@Test
	void shouldPublishItsTraits() {
		started();
		NodeTraits traits = nodes().getFirst().traits();
		assertThat(traits.version()).isEqualTo("1.2.3");
		assertThat(traits.zone()).isEqualTo("zone-a");
		assertThat(traits.handshakeRate()).isEqualTo(5000);
		assertThat(traits.startedAt()).isCloseTo(this.node.clock.now(), within(1, ChronoUnit.MINUTES));
	}

	@Test
	void shouldPublishAZoneThatItLearnsLater() {
		this.node.member.zone = null;
		started();
		assertThat(nodes().getFirst().traits().zone()).isNull();
		this.node.member.zone = "zone-b";
		heartbeats(1);
		assertThat(nodes().getFirst().traits().zone()).isEqualTo("zone-b");
	}

	/** As a node of the version before these columns does it. */
	@Test
	void shouldListANodeThatPublishesNoTraits() {
		started();
		get(this.node.database.upkeep("register",
				(connection) -> Sql.update(connection, "INSERT INTO nodes (id, host, port, agent_url, state, "
						+ "connections, capacity, lease, wire, heartbeat) SELECT ?, host, port, agent_url, state, "
						+ "connections, capacity, lease, wire, heartbeat FROM nodes", TestIds.node().value())));
		assertThat(nodes()).extracting(NodeRecord::traits).contains(NodeTraits.UNKNOWN).hasSize(2);
	}

	@Test
	void shouldLeaveWithItsClaimsReleased() {
		started();
		get(this.node.agents.claim(claim(1)));
		AtomicInteger left = new AtomicInteger();
		this.node.membership.stop(left::incrementAndGet);
		await().atMost(LIMIT).until(() -> left.get() == 1);
		assertThat(nodes()).isEmpty();
		assertThat(get(this.node.agents.locate(AGENT, LIMIT)).online()).isFalse();
	}

	@Test
	void shouldExpireANodeWhoseHeartbeatStandsStill() {
		try (TestNode lapsed = new TestNode(this.connections, LEASE)) {
			get(lapsed.register());
			get(lapsed.agents.claim(claim(1)));
			started();
			await().atMost(LIMIT).until(() -> !get(this.node.agents.locate(AGENT, LIMIT)).online());
			assertThat(nodes()).filteredOn((other) -> other.id().equals(lapsed.id))
				.extracting(NodeRecord::state)
				.containsExactly(NodeState.DEAD);
		}
	}

	@Test
	void shouldSpareOthersUntilItHasWatchedThemForItsOwnLease() {
		try (TestNode lapsed = new TestNode(this.connections, Duration.ofMillis(1))) {
			get(lapsed.register());
			started();
			heartbeats(1);
			assertThat(nodes()).extracting(NodeRecord::state).containsOnly(NodeState.UP);
		}
	}

	/** All times are far from now, as if the database's clock had stepped by hours. */
	@ParameterizedTest
	@ValueSource(longs = { -1, 1 })
	void shouldSpareANodeWhoseHeartbeatsAreFarFromTheDatabasesClock(long hours) {
		try (TestNode stepped = new TestNode(this.connections, LEASE)) {
			get(stepped.register());
			started();
			long beats = 6;
			for (long beat = 0; beat < beats; beat++) {
				setHeartbeat(stepped, TimeUnit.HOURS.toMicros(hours) + beat);
				heartbeats(1);
			}
			assertThat(nodes()).extracting(NodeRecord::state).containsExactly(NodeState.UP, NodeState.UP);
		}
	}

	private void setHeartbeat(TestNode of, long fromNow) {
		get(this.node.database.upkeep("expire", (connection) -> Sql.update(connection,
				"UPDATE nodes SET heartbeat = " + Sql.CLOCK + " + ? WHERE id = ?", fromNow, of.id.value())));
	}

	@Test
	void shouldNotDeclareANodeDeadThatHadAnotherHeartbeatMeanwhile() {
		// The tables exist before the other node begins. H2 does not hold two migrations
		// apart, and the second one could lose the row that the other node has entered.
		assertThat(nodes()).isEmpty();
		try (TestNode other = new TestNode(this.connections, LEASE)) {
			get(other.register());
			NodeRecord watched = nodes().getFirst();
			setHeartbeat(other, 0);
			assertThat(declaredDead(watched)).isZero();
			assertThat(declaredDead(nodes().getFirst())).isEqualTo(1);
		}
	}

	private long declaredDead(NodeRecord gone) {
		return get(this.node.database.upkeep("expire", (connection) -> NodeTable.declareDead(connection, gone)));
	}

	@Test
	void shouldHaveAnotherHeartbeatEachTimeEvenIfTheClockStandsStill() {
		started();
		setHeartbeat(this.node, TimeUnit.MILLISECONDS.toMicros(900));
		Instant ahead = nodes().getFirst().lastHeartbeat();
		await().atMost(LIMIT).until(() -> !nodes().getFirst().lastHeartbeat().equals(ahead));
	}

	@Test
	void shouldBeginAboveTheEpochsOfNodesThatAreGone() {
		started();
		this.node.clock.catchUp(this.node.clock.nextEpoch() + TimeUnit.DAYS.toMicros(1));
		long highest = this.node.clock.nextEpoch();
		heartbeats(1);
		try (TestNode later = new TestNode(this.connections, LEASE)) {
			get(later.register());
			assertThat(later.clock.nextEpoch()).isGreaterThan(highest);
		}
	}

	@Test
	void shouldRegisterAnewWhenItWasGivenUp() {
		started();
		assertThat(this.node.member.losses).hasValue(0);
		get(this.node.database.upkeep("expire",
				(connection) -> Sql.update(connection, "UPDATE nodes SET state = " + NodeState.DEAD.stored())));
		await().atMost(LIMIT).until(() -> this.node.member.losses.get() == 1);
		assertThat(nodes()).extracting(NodeRecord::state).containsExactly(NodeState.UP);
	}

	@Test
	void shouldRegisterAnewWhenItsRowIsGone() {
		started();
		get(this.node.member.remove());
		await().atMost(LIMIT).until(() -> this.node.member.losses.get() == 1);
		assertThat(nodes()).extracting(NodeRecord::id).containsExactly(this.node.id);
	}

	@Test
	void shouldStoreWhichProtocolItSpeaksWithOtherNodes() {
		started();
		assertThat(wires()).containsExactly(3);
	}

	@Test
	void shouldListANodeOfAVersionThatStoredNoProtocol() {
		started();
		get(this.node.database.upkeep("register",
				(connection) -> Sql.update(connection, "UPDATE nodes SET wire = NULL")));
		assertThat(nodes()).hasSize(1);
		heartbeats(1);
		assertThat(this.node.member.losses).hasValue(0);
	}

	private List<Integer> wires() {
		return get(this.node.database.upkeep("nodes",
				(connection) -> Sql.select(connection, "SELECT wire FROM nodes", (row) -> Sql.integer(row, "wire"))));
	}

	/** The row is as in a backup, or in a copy that lags behind. */
	@Test
	void shouldRegisterAnewWhenItsRowHasGoneBack() {
		started();
		get(this.node.database.upkeep("expire",
				(connection) -> Sql.update(connection, "UPDATE nodes SET heartbeat = heartbeat - 3600000000")));
		await().atMost(LIMIT).until(() -> this.node.member.losses.get() == 1);
	}

	@Test
	void shouldBeOutOfServiceUntilTheDirectoryWasReached() {
		assertThat(this.node.member.health()).isEqualTo(Status.OUT_OF_SERVICE);
		started();
		assertThat(this.node.member.health()).isEqualTo(Status.UP);
	}

	@Test
	void shouldNotReleaseTheClaimsOfANodeThatCameBack() {
		started();
		get(this.node.agents.claim(claim(1)));
		NodeRecord seenDead = nodes().getFirst();
		long released = get(
				this.node.database.upkeep("expire", (connection) -> this.node.claims.ofDead(connection, seenDead, 10)));
		assertThat(released).isZero();
		assertThat(get(this.node.agents.locate(AGENT, LIMIT)).online()).isTrue();
	}

	private static Claim claim(long epoch) {
		return new Claim(AGENT, TestIds.connection(), epoch, Instant.EPOCH, null);
	}

}

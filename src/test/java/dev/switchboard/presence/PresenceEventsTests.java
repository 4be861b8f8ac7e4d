package dev.switchboard.presence;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.switchboard.connection.GatewayEvent;
import dev.switchboard.connection.GatewayEvents;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.database.Sql;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.AgentChanges;
import dev.switchboard.directory.Claim;
import dev.switchboard.directory.LastClose;
import dev.switchboard.directory.TestNode;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.time.Chance;
import io.r2dbc.spi.ConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ParameterizedClass
@EnumSource
class PresenceEventsTests {

	private static final AgentId LAPTOP = new AgentId("acme", "laptop");

	private static final Duration MINUTE = Duration.ofSeconds(60);

	private final ConnectionFactory connections;

	private final TestNode one;

	private final TestNode two;

	/** The event log, by the ids of its events. */
	private final Map<String, GatewayEvent> log = new LinkedHashMap<>();

	private boolean logTakesEvents = true;

	/** How many rows a node of these tests has told of. */
	private final List<Teller> tellers = new ArrayList<>();

	/** What a node does with changes. */
	private final class Teller {

		private final PresenceEvents events;

		private final PresenceSweep sweep;

		Teller(TestNode node) {
			GatewayEvents log = PresenceEventsTests.this::store;
			this.events = new PresenceEvents(log, node.database, new PresenceMetrics(node.meters));
			this.sweep = new PresenceSweep(node.database, this.events, MINUTE, Chance.SYSTEM);
		}

	}

	PresenceEventsTests(TestDatabase kind) {
		this.connections = kind.create();
		this.one = new TestNode(this.connections, Duration.ofSeconds(15));
		get(this.one.register());
		this.two = new TestNode(this.connections, Duration.ofSeconds(15));
	}

	@BeforeEach
	void begin() {
		get(this.two.register());
		this.tellers.add(new Teller(this.one));
		this.tellers.add(new Teller(this.two));
	}

	@AfterEach
	void close() {
		this.one.close();
		this.two.close();
	}

	private Mono<Void> store(List<GatewayEvent> events) {
		if (!this.logTakesEvents) {
			return Mono.error(new DatabaseUnavailableException("away", null));
		}
		events.forEach((event) -> this.log.putIfAbsent(event.agent() + event.type() + event.id(), event));
		return Mono.empty();
	}

	private static Claim claim(TestNode node, AgentId agent) {
		return new Claim(agent, TestIds.connection(), node.clock.nextEpoch(), node.clock.now(), null);
	}

	private Claim claimed(TestNode node) {
		Claim claim = claim(node, LAPTOP);
		assertThat(get(node.agents.claim(claim))).isTrue();
		return claim;
	}

	private static void release(TestNode node, Claim claim, @Nullable LastClose close) {
		node.agents.release(claim, Instant.EPOCH, close).block(TestNode.LIMIT);
	}

	/** Tells of what the nodes have stored, as each does after its claims. */
	private void tell() {
		for (int i = 0; i < 2; i++) {
			TestNode node = (i == 0) ? this.one : this.two;
			List<AgentChanges> changes = new ArrayList<>();
			for (AgentChanges next = node.changes.poll(); next != null; next = node.changes.poll()) {
				changes.add(next);
			}
			this.tellers.get(i).events.tell(changes).block(TestNode.LIMIT);
		}
	}

	private void sweep(int node) {
		this.tellers.get(node).sweep.look().block(TestNode.LIMIT);
	}

	/** Makes everything that waits older. */
	private void pass(Duration time) {
		update("UPDATE agents SET untold = untold - ?, offline_at = CASE WHEN offline_at > 0 THEN offline_at - ? "
				+ "ELSE offline_at END", time.toNanos() / 1000, time.toNanos() / 1000);
	}

	private long update(String sql, Object... values) {
		return get(this.two.database.upkeep("test", (connection) -> Sql.update(connection, sql, values)));
	}

	private NodeRecord died(TestNode node) {
		update("UPDATE nodes SET state = ? WHERE id = ?", NodeState.DEAD.stored(), node.id.value());
		return new NodeRecord(node.id, "127.0.0.1", 1, null, NodeState.DEAD, 0, 1, Instant.EPOCH, MINUTE);
	}

	private long released(NodeRecord dead) {
		return get(this.two.database.upkeep("test", (connection) -> this.two.claims.ofDead(connection, dead, 1000)));
	}

	private List<String> told() {
		return this.log.values().stream().map((event) -> event.type().replace("switchboard.agent.", "")).toList();
	}

	private String data(int event) {
		return List.copyOf(this.log.values()).get(event).data().text();
	}

	private long untold() {
		return get(this.two.database.upkeep("test",
				(connection) -> Sql.select(connection, "SELECT COUNT(*) AS untold_rows FROM agents WHERE untold > 0",
						(row) -> Sql.number(row, "untold_rows"))))
			.getFirst();
	}

	@Test
	void shouldTellOfAConnectionAndItsEnd() {
		Claim claim = claimed(this.one);
		tell();
		release(this.one, claim, new LastClose(1001, "bye, \"Zürich\"", Instant.EPOCH));
		tell();
		assertThat(told()).containsExactly("connected", "disconnected");
		assertThat(data(0)).isEqualTo("{\"node\":\"%s\",\"connectionId\":\"%s\"}", this.one.id, claim.connection());
		assertThat(data(1)).isEqualTo(
				"{\"node\":\"%s\",\"connectionId\":\"%s\",\"code\":1001,\"reason\":\"bye, \\\"Zürich\\\"\"}",
				this.one.id, claim.connection());
		assertThat(untold()).isZero();
	}

	@Test
	void shouldTellOfAConnectionThatEndsBeforeItsClaimIsStored() {
		Claim claim = claim(this.one, LAPTOP);
		Mono.when(this.one.agents.claim(claim), this.one.agents.release(claim, Instant.EPOCH, null))
			.block(TestNode.LIMIT);
		tell();
		assertThat(told()).containsExactly("connected", "disconnected");
	}

	@Test
	void shouldEndTheOlderConnectionBeforeTheNewerOneBegins() {
		Claim older = claimed(this.one);
		Claim newer = claimed(this.two);
		release(this.one, older, new LastClose(4501, "", Instant.EPOCH));
		tell();
		assertThat(told()).containsExactly("connected", "disconnected", "connected");
		assertThat(data(1)).contains(this.one.id.toString(), older.connection().toString(), "4501");
		assertThat(data(2)).contains(this.two.id.toString(), newer.connection().toString());
	}

	@Test
	void shouldTellOfTheAgentsOfANodeThatDied() {
		Claim claim = claimed(this.one);
		NodeRecord dead = died(this.one);
		assertThat(released(dead)).isOne();
		pass(MINUTE.dividedBy(2));
		sweep(1);
		assertThat(told()).containsExactly("connected", "disconnected");
		assertThat(data(1)).contains(this.one.id.toString(), claim.connection().toString(), "1006", "the node died");
		assertThat(released(dead)).isZero();
		sweep(0);
		assertThat(told()).hasSize(2);
	}

	@Test
	void shouldGoOnWhereANodeHasDiedThatTold() {
		Claim claim = claimed(this.one);
		release(this.one, claim, null);
		this.logTakesEvents = false;
		assertThatThrownBy(this::tell).isInstanceOf(DatabaseUnavailableException.class);
		pass(Duration.ofSeconds(15));
		// The node dies after the log has the events, before the directory is rid of
		// them.
		this.logTakesEvents = true;
		List<AgentChanges> read = get(
				this.one.database.log("test", (connection) -> ChangeTable.untold(connection, 0, 10)));
		read.forEach((changes) -> Change.read(changes)
			.forEach((change) -> store(List.of(change.event(changes.agent()))).block()));
		sweep(1);
		sweep(0);
		assertThat(told()).containsExactly("connected", "disconnected");
		assertThat(untold()).isZero();
	}

	@Test
	void shouldNotTellTwiceOfAConnectionWhoseRowWasLost() {
		Claim claim = claimed(this.one);
		tell();
		update("DELETE FROM agents");
		get(this.one.agents.claim(claim, true, (_) -> {
		}));
		tell();
		pass(MINUTE);
		sweep(1);
		assertThat(told()).containsExactly("connected");
		release(this.one, claim, null);
		tell();
		assertThat(told()).containsExactly("connected", "disconnected");
	}

	@Test
	void shouldTellThatAConnectionIsBackOfWhichItToldTheEnd() {
		Claim claim = claimed(this.one);
		released(died(this.one));
		get(this.one.agents.claim(claim, true, (_) -> {
		}));
		get(this.one.agents.claim(claim, true, (_) -> {
		}));
		tell();
		assertThat(told()).containsExactly("connected", "disconnected", "connected");
	}

	@Test
	void shouldTellOnceThatAnAgentIsOfflineAndThatItIsBack() {
		release(this.one, claimed(this.one), null);
		tell();
		sweep(0);
		assertThat(told()).doesNotContain("offline");
		pass(MINUTE);
		sweep(0);
		sweep(1);
		pass(MINUTE);
		sweep(1);
		assertThat(told()).containsExactly("connected", "disconnected", "offline");
		claimed(this.two);
		tell();
		assertThat(told()).containsExactly("connected", "disconnected", "offline", "connected", "online");
		assertThat(data(4)).contains(this.two.id.toString());
	}

	@Test
	void shouldNotTellThatAnAgentIsOfflineThatIsBackInTime() {
		release(this.one, claimed(this.one), null);
		claimed(this.two);
		pass(MINUTE);
		sweep(0);
		assertThat(told()).containsExactly("connected", "disconnected", "connected");
	}

	@Test
	void shouldTellOfManyAgentsWithFewStatements() {
		int agents = 2500;
		Flux.range(0, agents)
			.flatMap((i) -> this.one.agents.claim(claim(this.one, new AgentId("acme", "a" + i))), agents)
			.blockLast(TestNode.LIMIT);
		double before = this.one.statements("told-presence");
		pass(MINUTE);
		sweep(0);
		assertThat(this.log).hasSize(agents);
		assertThat(untold()).isZero();
		assertThat(this.one.statements("told-presence") - before).isEqualTo(3);
	}

	@Test
	void shouldBoundTheChangesOfAnAgentAndSayThatSomeAreLeftOut() {
		for (int i = 0; i < 60; i++) {
			release(this.one, claimed(this.one), new LastClose(1001, "r".repeat(123), Instant.EPOCH));
		}
		pass(MINUTE.dividedBy(2));
		sweep(1);
		List<String> told = told();
		assertThat(told.size()).isBetween(10, 60);
		assertThat(told.subList(0, 4)).containsExactly("connected", "disconnected", "connected", "disconnected");
		assertThat(this.two.meters.counter("switchboard.presence.incomplete").count()).isOne();
		claimed(this.one);
		pass(MINUTE.dividedBy(2));
		sweep(1);
		assertThat(told()).hasSize(told.size() + 1).endsWith("connected");
	}

	@Test
	void shouldTellOfChangesThatComeWhileALongListIsTold() {
		for (int i = 0; i < 8; i++) {
			release(this.one, claimed(this.one), null);
		}
		List<AgentChanges> read = get(
				this.one.database.log("test", (connection) -> ChangeTable.untold(connection, 0, 10)));
		Claim last = claimed(this.two);
		this.tellers.getFirst().events.tell(read).block(TestNode.LIMIT);
		assertThat(told()).hasSize(16);
		pass(MINUTE.dividedBy(2));
		sweep(1);
		assertThat(told()).hasSize(17);
		assertThat(data(16)).contains(last.connection().toString());
		assertThat(untold()).isZero();
	}

}

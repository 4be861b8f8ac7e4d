package dev.switchboard.push;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.GatewayEvent;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.database.Sql;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.Claim;
import dev.switchboard.directory.TestNode;
import dev.switchboard.json.Payload;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.routing.Forwarder;
import dev.switchboard.routing.Verb;
import dev.switchboard.tenant.Admittance;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.r2dbc.spi.ConnectionFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The durable pushes of a node, on a database that other nodes may share. */
public final class TestPushes implements AutoCloseable {

	public final TestNode node;

	public final ConnectionRegistry registry = new ConnectionRegistry();

	/** What other nodes were asked, as {@code host: agents}. */
	public final List<String> asked = new CopyOnWriteArrayList<>();

	public final DurablePushes pushes;

	final PushMarks marks;

	final PushSender sender;

	final PushNotices notices;

	final PushSweep sweep;

	final DurablePushMetrics metrics;

	/** What was sent to the event log. */
	final List<GatewayEvent> events = new CopyOnWriteArrayList<>();

	/** How often a push was refused because of its tenant's quota. */
	final AtomicInteger refused = new AtomicInteger();

	volatile boolean logTakesEvents = true;

	volatile int perTenant;

	volatile Mono<Payload> answer = Mono.just(Payload.TRUE);

	public TestPushes(TestDatabase kind) {
		this(kind.create(), 100, 100_000);
	}

	TestPushes(ConnectionFactory connections, int perAgent, int perTenant) {
		this.perTenant = perTenant;
		this.node = new TestNode(connections, Duration.ofSeconds(15));
		TestNode.get(this.node.register());
		PushSettings settings = new PushSettings(16, perAgent, perTenant);
		this.metrics = new DurablePushMetrics(this.node.meters);
		this.marks = new PushMarks(this.node.database, this.metrics, Chance.SYSTEM);
		this.sender = new PushSender(this.registry, this.node.database, settings, this.marks, this.metrics,
				Chance.SYSTEM);
		this.notices = new PushNotices(this.node.id, this.sender,
				(agents) -> this.node.agents.findAll(agents, TestNode.LIMIT), new OtherNodes(), this.marks,
				this.metrics, Chance.SYSTEM);
		this.sender.onAbandoned((agent) -> this.notices.add(new PushNotice(agent, null)));
		this.sweep = new PushSweep(this.node.database, this.notices, Chance.SYSTEM);
		this.pushes = new DurablePushes(this.node.database, this.node.agents, this.registry, new Admittance(), settings,
				new TenantAmounts((_) -> this.perTenant, this.refused::incrementAndGet, TimeSource.SYSTEM),
				this.notices, this.metrics);
	}

	/** Makes an agent known, as held by this node. */
	public AgentId known(String id) {
		AgentId agent = new AgentId("acme", id);
		TestNode.get(this.node.agents
			.claim(new Claim(agent, TestIds.connection(), this.node.clock.nextEpoch(), Instant.EPOCH, null)));
		return agent;
	}

	static DurablePush push(AgentId agent, String payload) {
		return push(agent, payload, Duration.ofDays(1), null);
	}

	static DurablePush push(AgentId agent, String payload, Duration timeToLive, @Nullable String collapseKey) {
		return new DurablePush(TestIds.call(), agent, "m", Payload.parse(payload), timeToLive, collapseKey, null);
	}

	CallId stored(DurablePush push) {
		return TestNode.get(this.pushes.store(push));
	}

	StoredPush find(CallId id) {
		return TestNode.get(this.pushes.find("acme", id));
	}

	/** The payloads of the pushes that wait for an agent, in their order. */
	List<String> waiting(AgentId agent) {
		return TestNode
			.get(this.node.database.request("next",
					(connection) -> WaitingTable.next(connection, agent, List.of(), 1000)))
			.stream()
			.map((push) -> push.frame().payload().text())
			.toList();
	}

	double count(String name, String... tags) {
		return this.node.meters.counter(name, tags).count();
	}

	/** Makes all pushes older. */
	void age(Duration by) {
		long micros = by.toMillis() * 1000;
		TestNode.get(this.node.database.request("age",
				(connection) -> Sql.update(connection,
						"UPDATE pushes SET queued_at = queued_at - ?, expires = expires - ?, "
								+ "unannounced = unannounced - ?, ended_at = ended_at - ?",
						micros, micros, micros, micros)));
	}

	long expire() {
		return TestNode.get(this.node.database.request("expire",
				(connection) -> new PushExpiry(this::store, this.metrics).run(connection, 10)));
	}

	private Mono<Void> store(List<GatewayEvent> sent) {
		return this.logTakesEvents ? Mono.fromRunnable(() -> this.events.addAll(sent))
				: Mono.error(new DatabaseUnavailableException("the log takes no events", null));
	}

	long removeEnded() {
		return TestNode.get(this.node.database.request("remove", (connection) -> PushExpiry.remove(connection, 10)));
	}

	@Override
	public void close() {
		this.node.close();
	}

	private final class OtherNodes implements Forwarder {

		@Override
		public <T> Mono<T> forward(NodeRecord node, Verb<T> verb) {
			return Mono.error(new AssertionError("nothing is forwarded"));
		}

		@Override
		public Mono<Payload> ask(NodeRecord node, String kind, String subject, Duration timeToLive) {
			return Mono.defer(() -> {
				TestPushes.this.asked.add(node.id() + ": " + subject);
				return TestPushes.this.answer;
			});
		}

	}

	/** Stores pushes one after the other. */
	List<CallId> storedAll(AgentId agent, int count) {
		List<CallId> ids = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			ids.add(stored(push(agent, Integer.toString(i))));
		}
		return ids;
	}

}

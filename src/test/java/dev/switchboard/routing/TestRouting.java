package dev.switchboard.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.directory.AgentPage;
import dev.switchboard.directory.AgentRecord;
import dev.switchboard.directory.Claim;
import dev.switchboard.directory.SupersedeStreak;
import dev.switchboard.json.Payload;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.tenant.Admittance;
import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A router and presence whose agents are all on one other node, or offline. */
public final class TestRouting {

	public static final NodeRecord OTHER = new NodeRecord(NodeId.parse("00000000-0000-4000-8000-0000000000ff"),
			"127.0.0.1", 8070, null, NodeState.UP, 3, 10, Instant.EPOCH, Duration.ofSeconds(15));

	private static final ConnectionId CONNECTION = ConnectionId.parse("00000000-0000-4000-8000-0000000000cc");

	/** The verbs that the other node has received. */
	public final List<Verb<?>> verbs = new ArrayList<>();

	public final AgentRouter router;

	public final Presence presence;

	private final TreeMap<String, AgentRecord> agents = new TreeMap<>();

	private Mono<?> result = Mono.never();

	public TestRouting() {
		ConnectionRegistry registry = new ConnectionRegistry();
		NodeId self = TestIds.node();
		Absence absence = new Absence(() -> true);
		this.router = new AgentRouter(registry,
				new Locations((agent, _) -> find(agent), self, TimeSource.SYSTEM, absence, new Admittance()),
				new OtherNode(), (_) -> Mono.never(), TimeSource.SYSTEM, () -> Instant.EPOCH, absence);
		this.presence = new Presence(registry, (agent, _) -> find(agent),
				(_, _, online, limit, after, _) -> list(online, limit, after), (_, _) -> Mono.just(Map.of()), self,
				(_) -> false, () -> Instant.EPOCH, absence);
	}

	/** Adds an agent to the directory. */
	public void add(AgentId agent, boolean online) {
		this.agents.put(agent.agent(), new AgentRecord(new Claim(agent, CONNECTION, 1, Instant.EPOCH, null),
				online ? OTHER : null, Instant.EPOCH, new SupersedeStreak(0, Instant.EPOCH)));
	}

	/** Sets the answer to every verb at the other node. */
	public void answer(Mono<?> answer) {
		this.result = answer;
	}

	private Mono<AgentRecord> find(AgentId agent) {
		return Mono.justOrEmpty(this.agents.get(agent.agent()));
	}

	private Mono<AgentPage<AgentRecord>> list(@Nullable Boolean online, int limit, @Nullable String after) {
		List<AgentRecord> found = this.agents.tailMap((after != null) ? after : "", false)
			.values()
			.stream()
			.filter((agent) -> online == null || agent.online() == online)
			.toList();
		return Mono.just(
				(found.size() > limit) ? new AgentPage<>(found.subList(0, limit), found.get(limit - 1).agent().agent())
						: new AgentPage<>(found, null));
	}

	private final class OtherNode implements Forwarder {

		@Override
		@SuppressWarnings("unchecked") // A test gives each verb a result of its type.
		public <T> Mono<T> forward(NodeRecord node, Verb<T> verb) {
			TestRouting.this.verbs.add(verb);
			return (Mono<T>) TestRouting.this.result;
		}

		@Override
		public Mono<Payload> ask(NodeRecord node, String kind, String subject, Duration timeToLive) {
			return Mono.error(new AssertionError("nothing is asked"));
		}

	}

}

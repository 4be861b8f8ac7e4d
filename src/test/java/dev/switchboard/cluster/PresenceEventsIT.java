package dev.switchboard.cluster;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("slow")
@DisplayName("Events of the presence of agents on three nodes")
class PresenceEventsIT {

	private static final int AGENTS = 5_000;

	private static final int AWAY = 100;

	private static final Duration OFFLINE_AFTER = Duration.ofSeconds(15);

	private final MariaDbServer server = MariaDbServer.shared();

	@AutoClose
	private final Cluster cluster = Cluster.start(this.server, 3, "switchboard.agent.handshake-rate=1000000",
			"switchboard.agent.reconnect-min=5s",
			"switchboard.events.offline-after=" + OFFLINE_AFTER.toSeconds() + "s");

	private final List<AgentId> agents = ClusterAgents.ids("acme", AGENTS);

	/** The events that a reader has read, in the order of the log. */
	private final List<JsonNode> events = new ArrayList<>();

	private String query = "";

	private int turn;

	/** Reads on, at any node, and returns how many events of a type there are. */
	private long read(String type) {
		boolean more = true;
		while (more) {
			List<GatewayProcess> nodes = this.cluster.nodes();
			JsonNode page = this.cluster.callers()
				.get(nodes.get(this.turn++ % nodes.size()), "/v1/tenants/acme/events?limit=1000" + this.query);
			if (!page.has("next")) {
				break;
			}
			this.query = "&after=" + page.path("next").asString();
			page.path("events").forEach(this.events::add);
			more = !page.path("events").isEmpty();
		}
		return count(type);
	}

	private long count(String type) {
		return all(type).size();
	}

	private List<JsonNode> all(String type) {
		return this.events.stream().filter((event) -> type(event).equals(type)).toList();
	}

	private static String type(JsonNode event) {
		return event.path("type").asString().replace("switchboard.agent.", "");
	}

	private static Instant time(JsonNode event) {
		return Instant.parse(event.path("time").asString());
	}

	private static String source(JsonNode event) {
		return URI.create(event.path("source").asString()).getPath();
	}

	private static String source(AgentId agent) {
		return "/v1/tenants/" + agent.tenant() + "/agents/" + agent.agent();
	}

	private void awaitEvents(String type, int count) {
		Cluster.await().until(() -> read(type) >= count);
	}

	private Map<String, List<String>> byAgent(String... types) {
		return this.events.stream()
			.filter((event) -> List.of(types).contains(type(event)))
			.collect(Collectors.groupingBy(PresenceEventsIT::source,
					Collectors.mapping(PresenceEventsIT::type, Collectors.toList())));
	}

	private Set<String> sources(List<JsonNode> events) {
		return events.stream().map(PresenceEventsIT::source).collect(Collectors.toSet());
	}

	@Test
	@DisplayName("a node with 5,000 agents is killed, they return; 100 leave, and return | each has its events, once")
	void shouldTellOfEachAgentOnce() throws Exception {
		NodeId dead = this.cluster.id(this.cluster.node(0));
		this.cluster.agents().connect(this.agents, Cluster.agentAddress(this.cluster.node(0)));
		awaitEvents("connected", AGENTS);
		this.cluster.node(0).kill();
		Cluster.await().until(() -> this.cluster.agents().connected() < AGENTS);
		this.cluster.agents().awaitConnected();
		awaitEvents("disconnected", AGENTS);
		awaitEvents("connected", 2 * AGENTS);
		assertThat(byAgent("connected", "disconnected")).hasSize(AGENTS)
			.allSatisfy((_, types) -> assertThat(types).containsExactly("connected", "disconnected", "connected"));
		assertThat(all("disconnected"))
			.allSatisfy((event) -> assertThat(event.path("data").path("node").asString()).isEqualTo(dead.toString()));
		List<AgentId> away = this.agents.subList(0, AWAY);
		this.cluster.agents().depart(away);
		awaitEvents("offline", AWAY);
		assertThat(all("offline")).hasSize(AWAY);
		Set<String> gone = away.stream().map(PresenceEventsIT::source).collect(Collectors.toSet());
		assertThat(sources(all("offline"))).isEqualTo(gone);
		this.cluster.agents().connect(away, Cluster.agentAddress(this.cluster.node(1)));
		awaitEvents("online", AWAY);
		awaitEvents("connected", 2 * AGENTS + AWAY);
		assertThat(byAgent("connected", "disconnected", "offline", "online"))
			.allSatisfy(
					(agent, types) -> assertThat(types).isEqualTo(
							gone.contains(agent)
									? List.of("connected", "disconnected", "connected", "disconnected", "offline",
											"connected", "online")
									: List.of("connected", "disconnected", "connected")));
	}

	@Test
	@DisplayName("agents come and go while nodes end and the database stands still | the events of each alternate")
	void shouldLoseNoChangeWhileTheDatabaseStandsStill() throws Exception {
		List<AgentId> few = this.agents.subList(0, 500);
		this.cluster.agents().connect(few, Cluster.agentAddress(this.cluster.node(0)));
		awaitEvents("connected", few.size());
		this.server.freeze();
		List<AgentId> leaving = few.subList(0, AWAY);
		try {
			this.cluster.agents().depart(leaving);
			this.cluster.agents().awaitConnected();
			this.cluster.agents().connect(leaving, Cluster.agentAddress(this.cluster.node(1)));
		}
		finally {
			this.server.thaw();
		}
		awaitEvents("connected", few.size() + AWAY);
		this.cluster.restart(0);
		this.cluster.agents().awaitConnected();
		awaitEvents("connected", 2 * few.size());
		Cluster.await().until(() -> {
			read("connected");
			return byAgent("connected", "disconnected").values().stream().allMatch(PresenceEventsIT::isOfAPresentAgent);
		});
		assertThat(ids()).doesNotHaveDuplicates();
		this.events.stream()
			.collect(Collectors.groupingBy(PresenceEventsIT::source))
			.values()
			.forEach(PresenceEventsIT::assertAwayBeforeOffline);
		this.cluster.assertHealed();
	}

	/**
	 * An agent is offline only after it has been away for 15 s, by the directory's clock.
	 */
	private static void assertAwayBeforeOffline(List<JsonNode> events) {
		for (int i = 0; i < events.size(); i++) {
			if (type(events.get(i)).equals("offline")) {
				JsonNode before = events.get(i - 1);
				assertThat(type(before)).isEqualTo("disconnected");
				assertThat(Duration.between(time(before), time(events.get(i)))).isGreaterThanOrEqualTo(OFFLINE_AFTER);
			}
		}
	}

	private static boolean isOfAPresentAgent(List<String> types) {
		for (int i = 0; i < types.size(); i++) {
			assertThat(types.get(i)).isEqualTo((i % 2 == 0) ? "connected" : "disconnected");
		}
		return "connected".equals(types.getLast());
	}

	private List<String> ids() {
		return this.events.stream().map((event) -> source(event) + event.path("id").asString()).toList();
	}

}

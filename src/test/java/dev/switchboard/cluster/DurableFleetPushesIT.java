package dev.switchboard.cluster;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

import dev.switchboard.GatewayProcess;
import dev.switchboard.agent.IncomingPush;
import dev.switchboard.agent.SwitchboardAgent;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code -Dswitchboard.fleet} is the number of agents, 300 of which are offline, and
 * {@code -Dswitchboard.away} the number of those for which 100 pushes wait.
 */
@DisplayName("A durable fleet push to the agents of three nodes")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DurableFleetPushesIT {

	private static final int AGENTS = Integer.getInteger("switchboard.fleet", 1000);

	private static final int OFFLINE = 300;

	/** How many agents have as many waiting pushes as they may have. */
	private static final int AWAY = Integer.getInteger("switchboard.away", 30);

	private static final int WAITING_EACH = 100;

	private static final String TENANT = "acme";

	private final Cluster cluster = Cluster.start(MariaDbServer.shared(), 3,
			"switchboard.agent.handshake-rate=1000000");

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final List<AgentId> ids = ClusterAgents.ids(TENANT, "agent-", AGENTS);

	private final List<AgentId> offline = this.ids.subList(AGENTS - OFFLINE, AGENTS);

	private final List<SwitchboardAgent> agents = new ArrayList<>();

	/** The ids of the pushes that each agent has processed. */
	private final Map<AgentId, List<String>> processed = new ConcurrentHashMap<>();

	@AfterAll
	void stop() {
		this.agents.parallelStream().forEach(SwitchboardAgent::close);
		this.http.shutdownNow();
		this.cluster.close();
	}

	private List<SwitchboardAgent> connect(List<AgentId> some) throws Exception {
		List<SwitchboardAgent> connected = new ArrayList<>();
		List<CompletableFuture<?>> starts = new ArrayList<>();
		for (AgentId id : some) {
			var builder = SwitchboardAgent.builder()
				.identity(id.tenant(), id.agent())
				.reconnect(Duration.ofMillis(50), Duration.ofSeconds(2))
				.httpClient(this.http)
				.closeGrace(Duration.ofMillis(100))
				.pushHandler("note", (push) -> process(id, push));
			this.cluster.nodes().forEach((node) -> builder.url(Cluster.agentAddress(node)));
			SwitchboardAgent agent = builder.build();
			connected.add(agent);
			starts.add(agent.start());
		}
		this.agents.addAll(connected);
		CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
		return connected;
	}

	private void process(AgentId id, IncomingPush push) {
		this.processed.computeIfAbsent(id, (_) -> Collections.synchronizedList(new ArrayList<>()))
			.add(push.id().toString());
	}

	@Test
	@Order(1)
	@DisplayName("of which 300 are offline | has an object for each; each agent processes its push once")
	void shouldReachEachAgentOnceWheneverItComes() throws Exception {
		connect(this.ids.subList(0, AGENTS - OFFLINE));
		connect(this.offline).forEach(SwitchboardAgent::close);
		Cluster.await().until(() -> this.cluster.claims() == AGENTS - OFFLINE);
		double inserts = statements("push");
		FleetAnswer answer = push("\"selector\":\"\"");
		inserts = statements("push") - inserts;
		assertThat(answer.agents).isEqualTo(AGENTS);
		assertThat(answer.endings(this.ids)).isEqualTo(Map.of("queued", (long) AGENTS));
		assertThat(answer.count("queued")).isEqualTo(AGENTS);
		System.out.printf("%d agents, %d offline: %d ms, %.0f statements that insert%n", AGENTS, OFFLINE,
				TimeUnit.NANOSECONDS.toMillis(answer.wholeNanos), inserts);
		assertThat(inserts).isLessThan(AGENTS / 10.0);
		awaitProcessed(answer, this.ids.subList(0, AGENTS - OFFLINE));
		assertThat(this.processed.keySet()).doesNotContainAnyElementsOf(this.offline);
		connect(this.offline);
		awaitProcessed(answer, this.ids);
		Cluster.await().until(() -> acknowledged() == AGENTS);
		assertThat(this.processed.values()).allSatisfy((pushes) -> assertThat(pushes).hasSize(1));
	}

	/** Awaits that each of the agents has processed the push of its object. */
	private void awaitProcessed(FleetAnswer answer, List<AgentId> by) {
		Cluster.await()
			.untilAsserted(
					() -> assertThat(by).allSatisfy((agent) -> assertThat(this.processed.getOrDefault(agent, List.of()))
						.containsExactly(answer.object(agent).path("id").asString())));
	}

	@Test
	@Order(2)
	@DisplayName("that waits for agents that are away | takes no memory of any node")
	void shouldHoldWaitingPushesInTheDirectoryOnly() throws Exception {
		List<AgentId> away = ClusterAgents.ids(TENANT, "away-", AWAY);
		double claims = this.cluster.claims();
		connect(away).forEach(SwitchboardAgent::close);
		Cluster.await().until(() -> this.cluster.claims() == claims);
		for (int i = 0; i < WAITING_EACH; i++) {
			assertThat(push("\"agents\":" + names(away)).count("queued")).isEqualTo(AWAY);
		}
		Cluster.await().untilAsserted(() -> {
			for (GatewayProcess node : this.cluster.nodes()) {
				assertThat(pushObjects(node)).isNotEmpty()
					.allSatisfy((_, instances) -> assertThat(instances).isLessThan(AWAY * WAITING_EACH / 10));
			}
		});
	}

	/** The live objects of the node that a push is made of, by their classes. */
	private static Map<String, Integer> pushObjects(GatewayProcess node) {
		return node.liveObjects()
			.lines()
			.map((line) -> line.strip().split("\\s+"))
			.filter((words) -> words.length > 3 && words[3].startsWith("dev.switchboard.push."))
			.collect(Collectors.toMap((words) -> words[3], (words) -> Integer.parseInt(words[1])));
	}

	private static String names(List<AgentId> agents) {
		return agents.stream().map(AgentId::agent).collect(Collectors.joining("\",\"", "[\"", "\"]"));
	}

	@Test
	@Order(3)
	@DisplayName("while one of the nodes is killed | has one true object for each; what is queued is processed once")
	void shouldAccountForEachAgentWhileANodeDies() throws Exception {
		List<AgentId> here = ClusterAgents.ids(TENANT, "other-", 600);
		connect(here);
		AtomicBoolean killed = new AtomicBoolean();
		FleetAnswer answer = push("\"window\":20,\"agents\":" + names(here), (ended) -> {
			if (ended >= 100 && killed.compareAndSet(false, true)) {
				this.cluster.node(2).kill();
			}
		});
		assertThat(killed).isTrue();
		assertThat(answer.endings(here)).isEqualTo(Map.of("queued", 600L));
		awaitProcessed(answer, here);
	}

	private FleetAnswer push(String members) throws Exception {
		return push(members, (_) -> {
		});
	}

	private FleetAnswer push(String members, IntConsumer progress) throws Exception {
		URI at = this.cluster.node(0).api("/v1/tenants/" + TENANT + "/fleet-pushes");
		String body = "{\"method\":\"note\",\"payload\":1,\"durable\":true," + members + "}";
		return FleetAnswer.of(this.http, at, body, 60, TENANT, progress);
	}

	private double statements(String kind) {
		return this.cluster.metric(this.cluster.node(0), "switchboard_directory_statements_total",
				"kind=\"" + kind + "\",outcome=\"ok\"");
	}

	private double acknowledged() {
		double sum = 0;
		for (int node = 0; node < 3; node++) {
			sum += this.cluster.metric(this.cluster.node(node), "switchboard_pushes_durable_total",
					"event=\"acknowledged\"");
		}
		return sum;
	}

}

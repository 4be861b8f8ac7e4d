package dev.switchboard.cluster;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The agents know the URLs of all nodes, and take one by chance, as behind a load
 * balancer. Some nodes have a URL of their own, by which agents can be sent to them.
 */
@Tag("night")
@DisplayName("Three nodes under calls, which become four, and three again")
class RebalanceIT {

	private static final int NODES = 4;

	/** The number of the node that joins. */
	private static final int NEW = 3;

	/** The number of the node that leaves. */
	private static final int LEAVING = 0;

	private static final int SIMULATED = 2400;

	private static final int LIBRARY = 300;

	private static final int ALL = SIMULATED + LIBRARY;

	private static final int LINES = 20;

	private static final Duration PAUSE = Duration.ofMillis(200);

	/** Within this time, nodes that join or leave are to share the agents evenly. */
	private static final Duration SOON = Duration.ofMinutes(2);

	@AutoClose
	private final SimulatedCalls calls = new SimulatedCalls();

	@Test
	@DisplayName("with URLs of their own | share the agents evenly soon, no call fails, and no agent moves twice")
	void shouldShareTheAgentsEvenlyByTheUrlsOfTheNodes() throws Exception {
		shareTheAgentsEvenly("switchboard.agent.public-url=ws://127.0.0.1:AGENT_PORT/v1/connect");
	}

	@Test
	@DisplayName("without URLs | share the agents evenly soon, no call fails, and no agent moves twice")
	void shouldShareTheAgentsEvenlyWithoutUrls() throws Exception {
		shareTheAgentsEvenly("switchboard.agent.placement=newest");
	}

	private void shareTheAgentsEvenly(String setting) throws Exception {
		try (Cluster cluster = Cluster.start(MariaDbServer.shared(), NODES, "switchboard.rebalance.enabled=true",
				"switchboard.drain.within=40s", setting)) {
			List<URI> urls = IntStream.range(0, NODES).mapToObj(cluster::node).map(Cluster::agentAddress).toList();
			cluster.stop(NEW);
			List<AgentId> library = ClusterAgents.ids("acme", "library-", LIBRARY);
			List<AgentId> simulated = ClusterAgents.ids("acme", "simulated-", SIMULATED);
			try (SimulatorProcess simulator = new SimulatorProcess("acme", "simulated-", SIMULATED, urls);
					LibraryAgents _ = new LibraryAgents(cluster.history(), library, urls)) {
				Cluster.await().untilAsserted(() -> assertThat(cluster.held()).as(simulator.lastLine()).isEqualTo(ALL));
				// Until a claim is stored, only the agent's own node can call it.
				Cluster.await().until(() -> cluster.claims() == ALL);
				try (BalancedCalls<Ending> calls = new BalancedCalls<>(cluster::nodes, LINES, PAUSE,
						(at, _) -> cluster.callers().call(at, ClusterCall.echo(ClusterAgents.any(library))));
						BalancedCalls<String> echoes = new BalancedCalls<>(cluster::nodes, LINES, PAUSE,
								(at, _) -> this.calls.echo(at, ClusterAgents.any(simulated)))) {
					awaitLevel(cluster, "three nodes have shared the agents");
					awaitQuiet(cluster);
					join(cluster);
					leave(cluster);
					List<Ending> ended = calls.stop();
					List<String> echoed = echoes.stop();
					System.out.printf("%d and %d calls ended%n", ended.size(), echoed.size());
					assertThat(ended).isNotEmpty().allMatch((ending) -> ending.is(Outcome.COMPLETED));
					assertThat(echoed).isNotEmpty().allMatch((body) -> body.contains("\"outcome\":\"completed\""));
				}
				cluster.history().assertClean();
			}
		}
	}

	private void join(Cluster cluster) {
		Map<AgentId, ConnectionId> before = settled(cluster);
		double handshakes = handshakes(cluster);
		long began = System.nanoTime();
		GatewayProcess joined = cluster.startAgain(NEW);
		System.out.printf("the fourth node is ready after %d ms%n", millisSince(began));
		long ready = System.nanoTime();
		awaitLevel(cluster, "four nodes are level");
		System.out.printf("level after %d ms: %s%n", millisSince(ready), counts(cluster));
		awaitQuiet(cluster);
		Set<AgentId> moved = moved(before, settled(cluster));
		System.out.printf("%d agents moved; %s; %d handshakes refused%n", moved.size(), counts(cluster),
				(int) sum(cluster, "switchboard_rebalance_refused_total"));
		assertThat(handshakes(cluster) - handshakes).as("no agent moves twice").isEqualTo(moved.size());
		assertThat(moved.size()).isBetween(ALL / 5, ALL * 2 / 5);
		assertThat(cluster.metric(joined, "switchboard_rebalance_running")).isZero();
	}

	private void leave(Cluster cluster) throws InterruptedException {
		Map<AgentId, ConnectionId> before = settled(cluster);
		double handshakes = handshakes(cluster) - accepted(cluster, cluster.node(LEAVING));
		long began = System.nanoTime();
		cluster.stop(LEAVING);
		System.out.printf("a node has left after %d ms%n", millisSince(began));
		awaitLevel(cluster, "three nodes are level");
		System.out.printf("level after %d ms: %s%n", millisSince(began), counts(cluster));
		awaitQuiet(cluster);
		Set<AgentId> moved = moved(before, settled(cluster));
		System.out.printf("%d agents moved; %s%n", moved.size(), counts(cluster));
		assertThat(handshakes(cluster) - handshakes).as("no agent moves twice").isEqualTo(moved.size());
	}

	/** Waits until each node is within 10 % of the mean. */
	private static void awaitLevel(Cluster cluster, String what) {
		Awaitility.await(what).atMost(SOON).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
			List<Integer> counts = counts(cluster);
			double mean = (double) ALL / counts.size();
			assertThat(counts).allMatch((count) -> Math.abs(count - mean) <= mean / 10);
		});
	}

	/** Waits until no rebalance goes on, and each agent has one connection. */
	private static void awaitQuiet(Cluster cluster) {
		Awaitility.await()
			.atMost(SOON)
			.pollInterval(Duration.ofMillis(500))
			.until(() -> sum(cluster, "switchboard_rebalance_running") == 0 && cluster.held() == ALL);
	}

	/**
	 * The connections of all agents, once none moves any more: a rebalance ends before
	 * the last agents that were asked have moved.
	 */
	private static Map<AgentId, ConnectionId> settled(Cluster cluster) {
		AtomicReference<Map<AgentId, ConnectionId>> last = new AtomicReference<>(Map.of());
		Awaitility.await().atMost(SOON).pollInterval(Duration.ofSeconds(5)).until(() -> {
			Map<AgentId, ConnectionId> now = cluster.connections();
			return now.equals(last.getAndSet(now));
		});
		return Objects.requireNonNull(last.get());
	}

	private static List<Integer> counts(Cluster cluster) {
		return cluster.nodes().stream().map((node) -> (int) cluster.metric(node, "switchboard_connections")).toList();
	}

	private static Set<AgentId> moved(Map<AgentId, ConnectionId> before, Map<AgentId, ConnectionId> after) {
		Set<AgentId> moved = new HashSet<>(after.keySet());
		moved.removeIf((agent) -> Objects.equals(after.get(agent), before.get(agent)));
		return moved;
	}

	private static double handshakes(Cluster cluster) {
		return cluster.nodes().stream().mapToDouble((node) -> accepted(cluster, node)).sum();
	}

	private static double accepted(Cluster cluster, GatewayProcess node) {
		return cluster.metric(node, "switchboard_handshakes_total", "result=\"accepted\"");
	}

	private static double sum(Cluster cluster, String metric) {
		return cluster.nodes().stream().mapToDouble((node) -> cluster.metric(node, metric)).sum();
	}

	private static long millisSince(long nanos) {
		return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
	}

}

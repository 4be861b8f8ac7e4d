package dev.switchboard.cluster;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The calls have no special headers, and go to nodes that are ready, as through a load
 * balancer. With {@code -Dswitchboard.rolling=6000} there are 6,000 agents: 4,000 of the
 * simulator, 2,000 of the agent library.
 */
@Tag("night")
@DisplayName("Three nodes under calls")
class RollingRestartIT {

	private static final int NODES = 3;

	private static final int AGENTS = Integer.getInteger("switchboard.rolling", 900);

	private static final int SIMULATED = AGENTS * 2 / 3;

	private static final int LINES = 50;

	/** With this pause, the lines make some 300 calls a second. */
	private static final Duration PAUSE = Duration.ofMillis(150);

	/** Low enough for the drain to have a reason to take its time. */
	private static final int HANDSHAKE_RATE = Math.max(100, AGENTS / 20);

	private final List<AgentId> simulated = ClusterAgents.ids("acme", "simulated-", SIMULATED);

	private final List<AgentId> library = ClusterAgents.ids("acme", "library-", AGENTS - SIMULATED);

	@AutoClose
	private final SimulatedCalls calls = new SimulatedCalls();

	@AutoClose
	@SuppressWarnings("NullAway.Init")
	private SimulatorProcess simulator;

	@AutoClose
	@SuppressWarnings("NullAway.Init")
	private Cluster cluster;

	/**
	 * A call that has ended.
	 *
	 * @param end "completed", or the problem's name
	 * @param to the agent
	 * @param at the port of the node's API
	 * @param began when it was made
	 * @param took how long it took
	 */
	private record Made(String end, AgentId to, int at, Instant began, Duration took) {
	}

	@Test
	@DisplayName("| that are restarted by SIGTERM, one after the other: no call fails, and each agent is where the directory says")
	void shouldFailNoCallInARollingRestart() throws Exception {
		start("60s");
		try (LibraryAgents _ = new LibraryAgents(this.cluster.history(), this.library, urls());
				HandshakeSamples handshakes = new HandshakeSamples(this.cluster)) {
			awaitAll(AGENTS);
			List<Made> made = callDuring(this::callAny, () -> {
				for (int node = 0; node < NODES; node++) {
					restart(node);
				}
			});
			System.out.printf("at most %.0f handshakes a second at a node, of %d%n", handshakes.most(), HANDSHAKE_RATE);
			assertThat(made).filteredOn((one) -> !one.end().equals("completed")).as(this.cluster::warnings).isEmpty();
			this.cluster.history().assertClean();
		}
		awaitAll(SIMULATED);
	}

	@Test
	@DisplayName("| one of which is restarted, and whose agents ignore goaway: they return, and callers learn what did not run")
	void shouldSayWhatDidNotRunWhenAgentsIgnoreGoAway() throws Exception {
		start("15s", "--ignore-goaway");
		awaitAll(SIMULATED);
		List<Made> made = callDuring(this::echoAny, () -> restart(0));
		assertThat(made).extracting(Made::end)
			.isSubsetOf("completed", "agent-offline", "agent-disconnected", "unavailable");
		awaitAll(SIMULATED);
	}

	@Test
	@DisplayName("| one of which is killed: its agents return, and callers learn what did not run")
	void shouldSayWhatDidNotRunWhenANodeIsKilled() throws Exception {
		start("15s");
		awaitAll(SIMULATED);
		List<Made> made = callDuring(this::echoAny, () -> {
			this.cluster.node(0).kill();
			restart(0);
		});
		assertThat(made).extracting(Made::end)
			.isSubsetOf("completed", "agent-offline", "agent-disconnected", "node-disconnected", "unavailable",
					Ending.LOST);
		awaitAll(SIMULATED);
	}

	/** Starts the nodes, which drain within this time, and the simulated agents. */
	private void start(String within, String... options) {
		this.cluster = Cluster.start(MariaDbServer.shared(), NODES, "switchboard.drain.announce=3s",
				"switchboard.drain.within=" + within, "switchboard.agent.handshake-rate=" + HANDSHAKE_RATE,
				"switchboard.agent.public-url=ws://127.0.0.1:AGENT_PORT/v1/connect");
		this.simulator = new SimulatorProcess("acme", "simulated-", SIMULATED, urls(), options);
	}

	private List<URI> urls() {
		return this.cluster.nodes().stream().map(Cluster::agentAddress).toList();
	}

	private void awaitAll(int agents) {
		Cluster.await()
			.untilAsserted(() -> assertThat(this.cluster.held()).as(this.simulator.lastLine()).isEqualTo(agents));
	}

	/** Something that a test does while there are calls. */
	private interface Deed {

		void run() throws InterruptedException;

	}

	/** Calls any agent at a node; gives how the call ended. */
	private interface Caller {

		CompletableFuture<String> call(GatewayProcess at, AgentId to);

	}

	private CompletableFuture<Made> callAny(GatewayProcess at) {
		return (ThreadLocalRandom.current().nextInt(AGENTS) < SIMULATED) ? echoAny(at)
				: made(at, ClusterAgents.any(this.library), this::call);
	}

	private CompletableFuture<Made> echoAny(GatewayProcess at) {
		return made(at, ClusterAgents.any(this.simulated), this::echo);
	}

	private static CompletableFuture<Made> made(GatewayProcess at, AgentId to, Caller caller) {
		Instant began = Instant.now();
		long start = System.nanoTime();
		return caller.call(at, to)
			.thenApply((end) -> new Made(end, to, at.apiPort(), began, Duration.ofNanos(System.nanoTime() - start)));
	}

	/** Makes calls while something is done, and prints how they ended. */
	private List<Made> callDuring(Function<GatewayProcess, CompletableFuture<Made>> calls, Deed deed)
			throws InterruptedException {
		// Processes that have just started are slow on a busy machine.
		try (BalancedCalls<Made> first = balanced(calls)) {
			first.awaitEnds(1000);
			first.stop();
		}
		long began = System.nanoTime();
		try (BalancedCalls<Made> balanced = balanced(calls)) {
			deed.run();
			List<Made> made = balanced.stop();
			print(made, System.nanoTime() - began);
			return made;
		}
	}

	private BalancedCalls<Made> balanced(Function<GatewayProcess, CompletableFuture<Made>> calls) {
		return new BalancedCalls<>(this.cluster::nodes, LINES, PAUSE, (at, _) -> calls.apply(at));
	}

	private static void print(List<Made> made, long nanos) {
		List<Duration> took = made.stream().map(Made::took).sorted().toList();
		Map<String, Long> ends = made.stream().collect(Collectors.groupingBy(Made::end, Collectors.counting()));
		System.out.printf("%d calls in %d s, %.0f a second: %s; p50 %d ms, p99 %d ms, p99.9 %d ms, longest %d ms%n",
				made.size(), TimeUnit.NANOSECONDS.toSeconds(nanos), made.size() * 1e9 / nanos, ends,
				took.get(took.size() / 2).toMillis(), took.get(took.size() * 99 / 100).toMillis(),
				took.get(took.size() * 999 / 1000).toMillis(), took.getLast().toMillis());
	}

	private void restart(int node) throws InterruptedException {
		long began = System.nanoTime();
		int agents = this.cluster.held();
		GatewayProcess again = this.cluster.restart(node);
		Cluster.await().until(() -> this.cluster.held() >= agents);
		System.out.printf("node %d was back after %d ms, with %d agents%n", node,
				TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began),
				(int) this.cluster.metric(again, "switchboard_connections"));
	}

	/** Calls an agent whose events are in the history. */
	private CompletableFuture<String> call(GatewayProcess at, AgentId to) {
		return this.cluster.callers().call(at, ClusterCall.echo(to)).thenApply(RollingRestartIT::end);
	}

	private static String end(Ending ending) {
		String problem = ending.problem();
		return (problem != null) ? problem : ending.outcome().text();
	}

	private CompletableFuture<String> echo(GatewayProcess at, AgentId agent) {
		return this.calls.echo(at, agent).thenApply(RollingRestartIT::end).exceptionally((_) -> Ending.LOST);
	}

	private static String end(String body) {
		return body.contains("\"outcome\":\"completed\"") ? "completed"
				: body.replaceAll(".*urn:switchboard:problem:([a-z-]+).*", "$1");
	}

}

package dev.switchboard.cluster;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The calls have no special headers, and go to nodes that are ready, as through a load
 * balancer.
 */
@Tag("slow")
@DisplayName("Three nodes that are restarted by SIGTERM, one after the other, under calls")
class RollingRestartIT {

	private static final int NODES = 3;

	/** Agents of each of three kinds. */
	private static final int EACH = 300;

	private static final int LINES = 30;

	private static final Duration PAUSE = Duration.ofMillis(150);

	@AutoClose
	private final Cluster cluster = Cluster.start(MariaDbServer.shared(), NODES, "switchboard.drain.announce=3s",
			"switchboard.drain.within=40s", "switchboard.agent.public-url=ws://127.0.0.1:AGENT_PORT/v1/connect");

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final List<Process> simulators = new ArrayList<>();

	@Test
	@DisplayName("| no call fails, and each agent is where the directory says")
	void shouldFailNoCall() throws Exception {
		List<AgentId> scripted = this.cluster.connect("acme", EACH / NODES);
		List<AgentId> library = ids("library");
		List<AgentId> simulated = ids("simulated-");
		List<URI> urls = IntStream.range(0, NODES).mapToObj(this.cluster::node).map(Cluster::agentAddress).toList();
		for (int node = 0; node < NODES; node++) {
			simulate(urls.get(node), node * EACH / NODES);
		}
		try (LibraryAgents _ = new LibraryAgents(this.cluster.history(), library, urls)) {
			Cluster.await().until(() -> this.cluster.held() == 3 * EACH);
			List<AgentId> known = new ArrayList<>(scripted);
			known.addAll(library);
			warmUp(known);
			try (BalancedCalls<Made> calls = new BalancedCalls<>(this.cluster::nodes, LINES, PAUSE,
					(at, _) -> call(at, any(known)));
					BalancedCalls<String> echoes = new BalancedCalls<>(this.cluster::nodes, LINES / 2, PAUSE,
							(at, _) -> echo(at, any(simulated)))) {
				for (int node = 0; node < NODES; node++) {
					restart(node);
				}
				List<Made> made = calls.stop();
				List<String> echoed = echoes.stop();
				System.out.printf("%d and %d calls ended%n", made.size(), echoed.size());
				assertThat(made).isNotEmpty();
				assertThat(made.stream().filter((call) -> !call.ending().is(Outcome.COMPLETED)))
					.as(() -> "with the connections " + connections(made))
					.isEmpty();
				assertThat(echoed).isNotEmpty();
				assertThat(echoed.stream().filter((body) -> !body.contains("\"outcome\":\"completed\""))).isEmpty();
			}
			this.cluster.history().assertClean();
		}
		finally {
			this.simulators.forEach(Process::destroyForcibly);
			this.http.shutdownNow();
		}
		this.cluster.assertHealed();
	}

	/**
	 * Makes calls that may fail, since processes that have just started are slow on a
	 * busy machine.
	 */
	private void warmUp(List<AgentId> agents) throws InterruptedException {
		try (BalancedCalls<Made> calls = new BalancedCalls<>(this.cluster::nodes, LINES, PAUSE,
				(at, _) -> call(at, any(agents)))) {
			calls.awaitEnds(1000);
			calls.stop();
		}
	}

	/** A call that has ended, of an agent whose events are in the history. */
	private record Made(AgentId to, Ending ending) {
	}

	private CompletableFuture<Made> call(GatewayProcess at, AgentId to) {
		return this.cluster.callers().call(at, ClusterCall.echo(to)).thenApply((ending) -> new Made(to, ending));
	}

	/** The connections of agents whose calls have failed. */
	private List<Entry> connections(List<Made> made) {
		List<AgentId> failed = made.stream()
			.filter((call) -> !call.ending().is(Outcome.COMPLETED))
			.map(Made::to)
			.toList();
		return this.cluster.history()
			.entries()
			.stream()
			.filter((entry) -> (entry instanceof Entry.Opened opened && failed.contains(opened.agent()))
					|| (entry instanceof Entry.Closed closed && failed.contains(closed.agent())))
			.toList();
	}

	private void restart(int node) throws InterruptedException {
		long began = System.nanoTime();
		GatewayProcess again = this.cluster.restart(node);
		Cluster.await().until(() -> this.cluster.held() == 3 * EACH);
		System.out.printf("node %d was back after %d ms, with %d agents%n", node,
				TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began),
				(int) this.cluster.metric(again, "switchboard_connections"));
	}

	private static List<AgentId> ids(String prefix) {
		return IntStream.range(0, EACH).mapToObj((number) -> new AgentId("acme", prefix + number)).toList();
	}

	private static AgentId any(List<AgentId> ids) {
		return ids.get(ThreadLocalRandom.current().nextInt(ids.size()));
	}

	private void simulate(URI url, int first) throws Exception {
		this.simulators.add(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx128m", "-jar", System.getProperty("switchboard.jar", "target/switchboard.jar"), "simulator",
				"--agents", Integer.toString(EACH / NODES), "--first", Integer.toString(first), "--tenant", "acme",
				"--prefix", "simulated-", "--url", url.toString(), "--reconnect")
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start());
	}

	private CompletableFuture<String> echo(GatewayProcess at, AgentId agent) {
		HttpRequest request = HttpRequest
			.newBuilder(at.api("/v1/tenants/" + agent.tenant() + "/agents/" + agent.agent() + "/calls"))
			.timeout(Duration.ofSeconds(30))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString("{\"method\":\"echo\",\"payload\":1}"))
			.build();
		return this.http.sendAsync(request, BodyHandlers.ofString()).thenApply(HttpResponse::body);
	}

}

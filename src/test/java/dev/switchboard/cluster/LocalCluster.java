package dev.switchboard.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.switchboard.GatewayProcess;
import dev.switchboard.agent.IncomingCall;
import dev.switchboard.agent.SwitchboardAgent;
import dev.switchboard.database.MariaDbServer;
import org.slf4j.LoggerFactory;

/**
 * Runs a cluster on this machine, to try it: MariaDB, three nodes of the built jar in
 * {@code dev} mode, and an agent on each node. Calls an agent through a node that does
 * not hold it, and prints the command for such a call. Runs until it is interrupted or
 * Maven ends. Then ends every process that it has started.
 */
public final class LocalCluster {

	private static final int NODES = 3;

	private static final Duration PATIENCE = Duration.ofSeconds(40);

	private static final String BODY = "{\"method\": \"echo\", \"payload\": {\"hello\": \"cluster\"}}";

	private LocalCluster() {
	}

	public static void main(String[] args) throws Exception {
		((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
		CountDownLatch interrupted = new CountDownLatch(1);
		CountDownLatch stopped = new CountDownLatch(1);
		Runtime.getRuntime().addShutdownHook(new Thread(() -> interruptAndWait(interrupted, stopped)));
		// Maven does not end this process when a signal ends only Maven.
		ProcessHandle.current().parent().ifPresent((maven) -> maven.onExit().thenRun(interrupted::countDown));
		System.out.println("Starting MariaDB and " + NODES + " nodes ...");
		MariaDbServer server = new MariaDbServer();
		try (Cluster cluster = Cluster.start(server, NODES)) {
			List<SwitchboardAgent> agents = connectAgents(cluster.nodes());
			tell(cluster.nodes(), server);
			interrupted.await();
			System.out.println("Stopping ...");
			agents.parallelStream().forEach(SwitchboardAgent::close);
		}
		finally {
			server.stop();
			endAll();
			stopped.countDown();
		}
	}

	/** Makes sure that no process of the cluster outlives this process. */
	private static void interruptAndWait(CountDownLatch interrupted, CountDownLatch stopped) {
		interrupted.countDown();
		try {
			var _ = stopped.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		endAll();
	}

	private static void endAll() {
		ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
	}

	private static List<SwitchboardAgent> connectAgents(List<GatewayProcess> nodes) {
		List<SwitchboardAgent> agents = IntStream.range(0, nodes.size())
			.mapToObj((number) -> SwitchboardAgent.builder()
				.url(nodes.get(number).agent(""))
				.identity("demo", agent(number))
				.handler("echo", IncomingCall::payload)
				.build())
			.toList();
		agents.forEach((agent) -> agent.start().join());
		return agents;
	}

	private static String agent(int number) {
		return "laptop-" + (number + 1);
	}

	private static void tell(List<GatewayProcess> nodes, MariaDbServer server) throws Exception {
		System.out.printf("%nThe directory: %s (user root, no password)%n%n", server.url(""));
		for (int i = 0; i < nodes.size(); i++) {
			GatewayProcess node = nodes.get(i);
			System.out.printf("node %d   API %s   agents %s   metrics %s   holds %s%n", i + 1, node.api(""),
					node.agent("/v1/connect"), node.management("/actuator/prometheus"), agent(i));
		}
		URI elsewhere = nodes.get(1).api("/v1/tenants/demo/agents/" + agent(0) + "/calls");
		System.out.printf("%n%s is connected to node 1. To call it at node 2:%n%n", agent(0));
		System.out.printf("    curl -s %s \\%n         -H 'Content-Type: application/json' -d '%s'%n%n", elsewhere,
				BODY);
		System.out.printf("answers%n%n    %s%n%n", call(elsewhere));
		System.out.printf("The nodes: curl -s %s%nCtrl-C stops it all.%n", nodes.getLast().api("/v1/nodes"));
	}

	private static String call(URI at) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(at)
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(BODY))
			.build();
		try (HttpClient http = HttpClient.newHttpClient()) {
			return http.send(request, BodyHandlers.ofString()).body();
		}
	}

}

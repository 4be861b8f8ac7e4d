package dev.switchboard.cluster;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.switchboard.GatewayProcess;
import dev.switchboard.agent.SwitchboardAgent;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code -Dswitchboard.fleet} is the number of agents. */
@DisplayName("A fleet call to the agents of three nodes")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FleetCallsIT {

	private static final int AGENTS = Integer.getInteger("switchboard.fleet", 1000);

	private static final String TENANT = "acme";

	private static final int FEW = Math.max(6, AGENTS / 50);

	private static final int CALLERS = 64;

	/** Some agents never answer, so the fleet call lasts this long. */
	private static final int TIMEOUT_SECONDS = (AGENTS > 1000) ? 30 : 12;

	private final Cluster cluster = Cluster.start(MariaDbServer.shared(), 3,
			"switchboard.agent.handshake-rate=1000000");

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final List<AgentId> well = ClusterAgents.ids(TENANT, "well-", AGENTS - 5 * FEW);

	private final List<AgentId> silent = ClusterAgents.ids(TENANT, "silent-", FEW);

	private final List<AgentId> busy = ClusterAgents.ids(TENANT, "busy-", FEW);

	private final List<AgentId> lost = ClusterAgents.ids(TENANT, "lost-", FEW);

	private final List<AgentId> offline = ClusterAgents.ids(TENANT, "offline-", FEW);

	private final List<AgentId> unknown = ClusterAgents.ids(TENANT, "unknown-", FEW);

	@BeforeAll
	void connect() {
		for (int node = 0; node < 3; node++) {
			int number = node;
			List<AgentId> here = Stream.of(this.well, this.silent, this.busy, this.lost)
				.flatMap((agents) -> onNode(agents, number).stream())
				.toList();
			this.cluster.agents().connect(here, Cluster.agentAddress(this.cluster.node(number)));
		}
		this.offline.forEach((agent) -> {
			try (SwitchboardAgent left = SwitchboardAgent.builder()
				.identity(agent.tenant(), agent.agent())
				.url(Cluster.agentAddress(this.cluster.node(0)))
				.closeGrace(Duration.ofMillis(10))
				.build()) {
				left.start().join();
			}
		});
		Cluster.await().until(() -> this.cluster.claims() == AGENTS - 2 * FEW);
	}

	@AfterAll
	void stop() {
		this.http.shutdownNow();
		this.cluster.close();
	}

	/** Every third agent, beginning with the one of the node's number. */
	private static List<AgentId> onNode(List<AgentId> agents, int node) {
		List<AgentId> some = new ArrayList<>();
		for (int i = node; i < agents.size(); i += 3) {
			some.add(agents.get(i));
		}
		return some;
	}

	@Test
	@Order(1)
	@DisplayName("| costs one request for each other node, and few statements")
	void shouldCostOneRequestForEachOtherNode() throws Exception {
		GatewayProcess at = this.cluster.node(0);
		double statements = this.cluster.metric(at, "switchboard_directory_statements_total", "kind=\"locate\"");
		FleetAnswer answer = call("echo", this.well, 0, 1000, 60, (_) -> {
		});
		statements = this.cluster.metric(at, "switchboard_directory_statements_total", "kind=\"locate\"") - statements;
		assertThat(answer.endings(this.well)).isEqualTo(Map.of("completed", (long) this.well.size()));
		assertThat(answer.count("completed")).isEqualTo(this.well.size());
		Cluster.await().until(() -> this.cluster.metric(at, "switchboard_forwarding_streams") == 0);
		assertThat(forwarded(at, "verbs")).isEqualTo(2);
		assertThat(forwarded(at, "call")).isZero();
		System.out.printf("%d agents: %.0f statements, %.0f requests to other nodes%n", this.well.size(), statements,
				forwarded(at, "verbs"));
		compare();
	}

	/** What nine measurements have in the middle. */
	private static long median(Measurement each) throws Exception {
		List<Long> all = new ArrayList<>();
		for (int number = 0; number < 9; number++) {
			all.add(each.nanos(number));
		}
		return all.stream().sorted().toList().get(4);
	}

	/** Measures something several times. */
	private interface Measurement {

		long nanos(int number) throws Exception;

	}

	/** Prints how long fleet calls take, and as many calls one by one. */
	private void compare() throws Exception {
		for (int round = 0; round < 2; round++) {
			long single = median((number) -> {
				long began = System.nanoTime();
				callOneByOne(this.well.subList(number, number + 1));
				return System.nanoTime() - began;
			});
			long all = System.nanoTime();
			callOneByOne(this.well);
			all = System.nanoTime() - all;
			FleetAnswer answer = call("echo", this.well, 0, 1000, 60, (_) -> {
			});
			long first = median((_) -> call("echo", this.well, 0, 1000, 60, (_) -> {
			}).firstNanos);
			System.out.printf(
					"a single call %.1f ms, the first answer of a fleet call %.1f ms; %d callers %d ms, the fleet call %d ms: %.1f times as fast%n",
					single / 1e6, first / 1e6, CALLERS, TimeUnit.NANOSECONDS.toMillis(all),
					TimeUnit.NANOSECONDS.toMillis(answer.wholeNanos), (double) all / answer.wholeNanos);
		}
	}

	private void callOneByOne(List<AgentId> agents) throws Exception {
		Semaphore free = new Semaphore(CALLERS);
		List<CompletableFuture<Ending>> calls = new ArrayList<>();
		for (AgentId agent : agents) {
			free.acquire();
			calls.add(this.cluster.callers()
				.call(this.cluster.node(0), ClusterCall.echo(agent))
				.whenComplete((_, _) -> free.release()));
		}
		for (CompletableFuture<Ending> call : calls) {
			assertThat(call.get(60, TimeUnit.SECONDS).is(Outcome.COMPLETED)).isTrue();
		}
	}

	@Test
	@Order(2)
	@DisplayName("of which some are away, silent, busy or lost, and a node is killed | has one true object for each")
	void shouldAccountForEachAgent() throws Exception {
		List<AgentId> all = Stream.of(this.silent, this.well, this.busy, this.lost, this.offline, this.unknown)
			.flatMap(List::stream)
			.toList();
		AtomicBoolean killed = new AtomicBoolean();
		double requests = forwarded(this.cluster.node(0), "verbs");
		String nonce = UUID.randomUUID().toString();
		FleetAnswer answer = call("fleet", nonce, all, 300, Math.max(100, AGENTS / 10), TIMEOUT_SECONDS, (ended) -> {
			if (ended >= AGENTS / 2 && killed.compareAndSet(false, true)) {
				this.cluster.node(2).kill();
			}
		});
		assertThat(killed).isTrue();
		assertThat(answer.agents).isEqualTo(AGENTS);
		assertThat(answer.objects.keySet()).isEqualTo(Set.copyOf(all));
		print(answer, requests);
		for (String outcome : List.of("completed", "rejected", "not_sent", "unknown", "cancelled")) {
			assertThat(answer.count(outcome)).as(outcome).isEqualTo((int) answer.withOutcome(outcome));
		}
		assertSurvivors(answer);
		assertBothSidesAgree(answer, all, nonce);
	}

	private void print(FleetAnswer answer, double requests) {
		System.out.printf("%d agents, a node killed: %d ms%n", AGENTS,
				TimeUnit.NANOSECONDS.toMillis(answer.wholeNanos));
		Map.of("well", this.well, "silent", this.silent, "busy", this.busy, "lost", this.lost)
			.forEach((name, agents) -> System.out.printf("    %s: %s; of the killed node: %s%n", name,
					answer.endings(agents), answer.endings(onNode(agents, 2))));
		System.out.printf("    requests to other nodes: %.0f, of which unsent %.0f%n",
				forwarded(this.cluster.node(0), "verbs") - requests, this.cluster.metric(this.cluster.node(0),
						"switchboard_forwarding_requests_total", "kind=\"verbs\",result=\"unsent\""));
	}

	/** The ends of the agents that the killed node did not hold. */
	private void assertSurvivors(FleetAnswer answer) {
		for (int node = 0; node < 2; node++) {
			assertThat(onNode(this.well, node)).allSatisfy((agent) -> assertEnding(answer, agent, "completed"));
			assertThat(onNode(this.silent, node))
				.allSatisfy((agent) -> assertEnding(answer, agent, "unknown deadline-exceeded"));
			assertThat(onNode(this.busy, node)).allSatisfy((agent) -> assertEnding(answer, agent, "rejected"));
			assertThat(onNode(this.lost, node))
				.allSatisfy((agent) -> assertEnding(answer, agent, "unknown agent-disconnected"));
		}
		assertThat(this.offline).allSatisfy((agent) -> assertEnding(answer, agent, "not_sent agent-offline"));
		assertThat(this.unknown).allSatisfy((agent) -> assertEnding(answer, agent, "not_sent agent-unknown"));
	}

	private static void assertEnding(FleetAnswer answer, AgentId agent, String ending) {
		assertThat(answer.ending(agent)).as(() -> answer.object(agent).toString()).isEqualTo(ending);
	}

	/** Compares the objects with what the agents have seen. */
	private void assertBothSidesAgree(FleetAnswer answer, List<AgentId> all, String nonce) {
		Map<AgentId, List<Entry.Received>> received = this.cluster.history()
			.all(Entry.Received.class)
			.filter((entry) -> entry.nonce().equals(nonce))
			.collect(Collectors.groupingBy(Entry.Received::agent));
		Map<AgentId, String> results = this.cluster.history()
			.all(Entry.Answered.class)
			.filter((entry) -> entry.nonce().equals(nonce))
			.collect(Collectors.toMap(Entry.Answered::agent, Entry.Answered::result));
		assertThat(all).allSatisfy((agent) -> {
			List<Entry.Received> calls = received.getOrDefault(agent, List.of());
			assertThat(calls).hasSizeLessThanOrEqualTo(1);
			var object = answer.object(agent);
			switch (object.path("outcome").asString("")) {
				case "not_sent" -> assertThat(calls).isEmpty();
				case "completed" -> assertThat(object.at("/payload/result").asString()).isEqualTo(results.get(agent));
				case "rejected" -> assertThat(calls).hasSize(1);
				default -> assertThat(object.path("outcome").asString()).isEqualTo("unknown");
			}
			String id = object.path("callId").asString(object.path("id").asString(""));
			assertThat(calls).allSatisfy((call) -> assertThat(call.id()).hasToString(id));
		});
	}

	private FleetAnswer call(String method, List<AgentId> agents, long delayMillis, int window, int timeoutSeconds,
			IntConsumer progress) throws Exception {
		return call(method, UUID.randomUUID().toString(), agents, delayMillis, window, timeoutSeconds, progress);
	}

	private FleetAnswer call(String method, String nonce, List<AgentId> agents, long delayMillis, int window,
			int timeoutSeconds, IntConsumer progress) throws Exception {
		String names = agents.stream().map(AgentId::agent).collect(Collectors.joining("\",\"", "[\"", "\"]"));
		String body = "{\"method\":\"%s\",\"payload\":{\"nonce\":\"%s\",\"delayMillis\":%d},\"agents\":%s,\"window\":%d}"
			.formatted(method, nonce, delayMillis, names, window);
		URI at = this.cluster.node(0).api("/v1/tenants/" + TENANT + "/fleet-calls");
		return FleetAnswer.of(this.http, at, body, timeoutSeconds, TENANT, progress);
	}

	private double forwarded(GatewayProcess at, String kind) {
		return this.cluster.metric(at, "switchboard_forwarding_requests_total", "kind=\"" + kind + "\"");
	}

}

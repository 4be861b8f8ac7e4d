package dev.switchboard.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import dev.switchboard.protocol.NodeId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("slow")
@DisplayName("A node that is killed with 5,000 agents and 500 calls in flight")
class NodeKilledIT {

	private static final int AGENTS = 5_000;

	private static final int CALLS = 500;

	/** Long enough that no call ends because of it. */
	private static final Duration PATIENCE = Duration.ofMinutes(5);

	@AutoClose
	private final Cluster cluster = Cluster.start(MariaDbServer.shared(), 3, "switchboard.agent.handshake-rate=1000000",
			"switchboard.agent.reconnect-min=5s");

	private final GatewayProcess killed = this.cluster.node(0);

	private final List<GatewayProcess> others = List.of(this.cluster.node(1), this.cluster.node(2));

	private final List<AgentId> agents = ClusterAgents.ids("acme", AGENTS);

	@Test
	@DisplayName("| its calls end as unknown, its agents are callable as they return, its row and claims go")
	void shouldEndItsCallsAndLoseItsAgentsToTheOthers() throws Exception {
		this.cluster.agents().connect(this.agents, Cluster.agentAddress(this.killed));
		NodeId dead = this.cluster.id(this.killed);
		Cluster.await().until(() -> this.cluster.claims(dead) == AGENTS);
		List<CompletableFuture<Ending>> waiting = holdCalls();
		Queue<CompletableFuture<Ending>> calls = new ConcurrentLinkedQueue<>();
		this.cluster.agents().onOpened((opened) -> calls.add(callElsewhere(opened)));

		long died = System.nanoTime();
		this.killed.kill();

		CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
		print("all calls in flight had ended", died);
		assertThat(waiting).extracting(CompletableFuture::join)
			.allSatisfy((ending) -> assertThat(ending.outcome()).isEqualTo(Outcome.UNKNOWN))
			.allSatisfy((ending) -> assertThat(ending.problem()).isIn("node-disconnected", "agent-disconnected"));
		Cluster.await().until(() -> !"up".equals(this.cluster.state(this.others.getFirst(), dead)));
		print("it was known as dead", died);
		Cluster.await().until(() -> this.cluster.claims(dead) == 0);
		print("its claims were gone", died);
		this.cluster.agents().awaitConnected();
		print("all agents were back", died);
		Cluster.await().until(() -> calls.size() >= AGENTS);
		for (CompletableFuture<Ending> call : calls) {
			assertThat(call.get(60, TimeUnit.SECONDS)).as(() -> "with connections closed: " + closed(dead))
				.matches((ending) -> ending.is(Outcome.COMPLETED), "completed");
		}
		System.out.println("calls that had to be made again: " + refusals());
		this.cluster.assertHealed();
	}

	/** The calls that were not sent, by the detail of their problem. */
	private Map<String, Long> refusals() {
		return this.cluster.history()
			.all(Entry.Ended.class)
			.map(Entry.Ended::ending)
			.filter((ending) -> ending.is(Outcome.NOT_SENT))
			.collect(Collectors.groupingBy((ending) -> String.valueOf(ending.detail()), Collectors.counting()));
	}

	/** Calls at the other nodes, each of another agent, which all have come to it. */
	private List<CompletableFuture<Ending>> holdCalls() {
		List<CompletableFuture<Ending>> calls = IntStream.range(0, CALLS)
			.mapToObj((number) -> this.cluster.callers()
				.callUntilSent(this.others.get(number % 2), ClusterCall.hold(this.agents.get(number), PATIENCE), 50))
			.toList();
		Cluster.await().until(() -> this.cluster.history().all(Entry.Received.class).count() == CALLS);
		return calls;
	}

	/**
	 * Calls an agent at the node where it has not just arrived. A node that is busy with
	 * all that arrive may refuse calls for a moment.
	 */
	private CompletableFuture<Ending> callElsewhere(Entry.Opened opened) {
		GatewayProcess elsewhere = this.cluster.id(this.others.getFirst()).equals(opened.node()) ? this.others.getLast()
				: this.others.getFirst();
		return this.cluster.callers()
			.callUntilSent(elsewhere,
					ClusterCall.echo(opened.agent()).within(Duration.ofSeconds(30)).awaiting(Duration.ofSeconds(30)),
					50);
	}

	/** The ends of connections that were not the dead node's. */
	private List<Entry.Closed> closed(NodeId dead) {
		Set<ConnectionId> its = this.cluster.history()
			.all(Entry.Opened.class)
			.filter((opened) -> opened.node().equals(dead))
			.map(Entry.Opened::connection)
			.collect(Collectors.toSet());
		return this.cluster.history()
			.all(Entry.Closed.class)
			.filter((closed) -> !its.contains(closed.connection()))
			.toList();
	}

	private static void print(String what, long since) {
		System.out.printf("%s after %d ms%n", what, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since));
	}

}

package dev.switchboard.cluster;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;

/**
 * What the hop to another node adds to a call, and what events and a storm of returning
 * agents do to the calls of others: each beside the same without it, in one run, on three
 * nodes of the built jar and MariaDB.
 * <p>
 * Arguments, each optional: rounds (3), calls a round (20000; 0 for events alone), agents
 * of the storm (15000; 0 for no storm), events a minute (1000000).
 */
public final class ClusterBenchmark implements AutoCloseable {

	private static final int STORM_SECONDS = 15;

	private static final String[] CALM = { "--callers", "64", "--target-rate", "500", "--duration",
			Integer.toString(STORM_SECONDS) };

	private final MariaDbServer server = new MariaDbServer();

	private final Cluster cluster = Cluster.start(this.server, 3, "switchboard.agent.handshake-rate=1000000",
			"switchboard.agent.reconnect-min=10s", "switchboard.agent.reconnect-max=10s");

	private ClusterBenchmark() {
	}

	public static void main(List<String> args) throws Exception {
		try (ClusterBenchmark benchmark = new ClusterBenchmark()) {
			int rounds = argument(args, 0, 3);
			int calls = argument(args, 1, 20_000);
			for (int callers : (calls > 0) ? new int[] { 1, 16, 64 } : new int[0]) {
				benchmark.hop(rounds, callers, calls);
			}
			benchmark.events(rounds, argument(args, 3, 1_000_000));
			int storm = argument(args, 2, 15_000);
			if (storm > 0) {
				benchmark.storm(storm);
			}
		}
	}

	private static int argument(List<String> args, int index, int otherwise) {
		return (args.size() > index) ? Integer.parseInt(args.get(index)) : otherwise;
	}

	/** Calls at the node that holds the agents, and at another, in alternation. */
	private void hop(int rounds, int callers, int calls) throws Exception {
		List<CallRun> local = new ArrayList<>();
		List<CallRun> forwarded = new ArrayList<>();
		String[] load = { "--callers", Integer.toString(callers), "--calls", Integer.toString(calls), "--warmup",
				Integer.toString(calls / 2) };
		for (int round = 0; round < rounds; round++) {
			local.add(CallRun.of(this.cluster.node(1), this.cluster.node(1), load));
			forwarded.add(CallRun.of(this.cluster.node(2), this.cluster.node(1), load));
		}
		CallRun here = CallRun.median(local);
		CallRun there = CallRun.median(forwarded);
		System.out.printf(Locale.ROOT, "%d callers, local:     %s%n%d callers, forwarded: %s%n", callers, here, callers,
				there);
		System.out.printf(Locale.ROOT, "%d callers, forwarded / local: p50 %.2f, p99 %.2f, rate %.2f%n", callers,
				there.p50() / here.p50(), there.p99() / here.p99(), there.perSecond() / here.perSecond());
	}

	/** Others' calls without events and with many events, in alternation. */
	private void events(int rounds, int aMinute) throws Exception {
		List<CallRun> without = new ArrayList<>();
		List<CallRun> with = new ArrayList<>();
		double stored = 0;
		for (int round = 0; round < rounds; round++) {
			without.add(CallRun.of(this.cluster.node(1), this.cluster.node(1), CALM));
			String rate = Double.toString(aMinute / 60.0);
			List<URI> urls = this.cluster.nodes().stream().map(Cluster::agentAddress).toList();
			try (SimulatorProcess _ = new SimulatorProcess("events", "sender-", 500, urls, "--events-per-second", rate)) {
				double before = stored();
				Cluster.await().until(() -> stored() > before + aMinute / 20.0);
				double begun = stored();
				with.add(CallRun.of(this.cluster.node(1), this.cluster.node(1), CALM));
				stored += stored() - begun;
			}
		}
		CallRun quiet = CallRun.median(without);
		CallRun loaded = CallRun.median(with);
		System.out.printf(Locale.ROOT, "without events: %s%nwith %,.0f events a run: %s%np99 ratio %.2f%n", quiet,
				stored / rounds, loaded, loaded.p99() / quiet.p99());
	}

	/** The events that the nodes have stored. */
	private double stored() {
		return this.cluster.nodes()
			.stream()
			.mapToDouble((node) -> this.cluster.metric(node, "switchboard_events_total", "stored"))
			.sum();
	}

	/** Others' calls while nothing happens, and while a node's agents come back. */
	private void storm(int agents) throws Exception {
		GatewayProcess lost = this.cluster.node(0);
		this.cluster.agents().connect(ClusterAgents.ids("storm", agents), Cluster.agentAddress(lost));
		Cluster.await().until(() -> this.cluster.claims(this.cluster.id(lost)) == agents);
		CallRun calm = CallRun.of(this.cluster.node(1), this.cluster.node(1), CALM);
		Thread killer = Thread.startVirtualThread(() -> {
			double before = calls();
			Cluster.await().until(() -> calls() > before + 500);
			lost.kill();
		});
		CallRun storm = CallRun.of(this.cluster.node(1), this.cluster.node(1), CALM);
		killer.join(TimeUnit.MINUTES.toMillis(1));
		this.cluster.agents().awaitConnected();
		System.out.printf(Locale.ROOT, "without a storm:     %s%nin a storm of %,d: %s%np99 ratio %.2f%n", calm, agents,
				storm, storm.p99() / calm.p99());
	}

	/** Calls that the node has answered that holds the others' agents. */
	private double calls() {
		return this.cluster.metric(this.cluster.node(1), "switchboard_calls_seconds_count");
	}

	@Override
	public void close() {
		this.cluster.close();
		this.server.stop();
	}

}

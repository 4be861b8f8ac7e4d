package dev.switchboard.simulator.bench;

import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;

import dev.switchboard.simulator.Interruption;
import dev.switchboard.simulator.agents.AgentOptions;
import dev.switchboard.simulator.agents.AgentStats;
import dev.switchboard.simulator.agents.SimulatedAgents;
import dev.switchboard.simulator.agents.Sockets;
import dev.switchboard.simulator.agents.StopSignal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code nats-peer compare}: a gateway's calls, those of the obvious server, a NATS
 * server's requests and the gateway's presence reads in turn, from one process, so that
 * whatever else slows the machine slows all.
 */
@Command(name = "compare", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true,
		description = "Measures a gateway and its peers in alternating rounds, and prints a table (Markdown).")
final class Comparison implements Callable<Integer> {

	@Option(names = "--url", paramLabel = "URL", description = "the gateway's agent port (${DEFAULT-VALUE})")
	private URI url = URI.create("ws://127.0.0.1:8090");

	@Option(names = "--api", paramLabel = "URL", description = "its API port (${DEFAULT-VALUE})")
	private URI api = URI.create("http://127.0.0.1:8080");

	@Option(names = "--server-pid", paramLabel = "PID", required = true, description = "its process")
	private long serverPid;

	@Option(names = "--obvious", paramLabel = "URL", required = true, description = "the obvious server's port")
	@SuppressWarnings("NullAway.Init")
	private URI obvious;

	@Option(names = "--obvious-pid", paramLabel = "PID", required = true, description = "its process")
	private long obviousPid;

	@Mixin
	private final NatsOptions nats = new NatsOptions();

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() {
		PrintWriter out = this.spec.commandLine().getOut();
		StopSignal stop = new StopSignal();
		try (var _ = new Interruption(stop);
				Sockets sockets = new Sockets(1);
				Peer gateway = new Peer(this.url, this.api, this.serverPid, sockets, stop);
				Peer other = new Peer(this.obvious, this.obvious, this.obviousPid, sockets, stop);
				NatsBench nats = new NatsBench(this.nats.bench(), this.nats.target(), sockets, stop)) {
			ComparisonTable table = measure(gateway.bench, other.bench, nats, stop, out);
			out.println(table);
			return table.exitStatus();
		}
	}

	private ComparisonTable measure(Bench gateway, Bench obvious, NatsBench nats, StopSignal stop, PrintWriter out) {
		gateway.warmUp(false);
		gateway.warmUp(true);
		obvious.warmUp(false);
		nats.warmUp();
		ComparisonTable table = new ComparisonTable();
		for (int round = 0; round < this.nats.rounds && !stop.isStopped(); round++) {
			BenchReport calls = gateway.measure(false);
			BenchReport obviousCalls = named("the obvious server's calls", obvious.measure(false));
			BenchReport requests = nats.measure();
			BenchReport reads = gateway.measure(true);
			List.of(calls, obviousCalls, requests, reads).forEach(out::println);
			table.add(calls, obviousCalls, requests, reads);
		}
		return table;
	}

	private static BenchReport named(String name, BenchReport report) {
		return new BenchReport(name, report.measurement(), report.cost());
	}

	/** Agents of a server that speaks the protocol, and their callers. */
	private final class Peer implements AutoCloseable {

		private final SimulatedAgents agents;

		private final Bench bench;

		Peer(URI url, URI api, long pid, Sockets sockets, StopSignal stop) {
			BenchOptions options = Comparison.this.nats.bench(pid);
			options.api = URI.create("http://" + api.getAuthority());
			AgentOptions connected = new AgentOptions();
			connected.agents = options.agents;
			connected.urls = List.of(URI.create("ws://" + url.getAuthority()));
			this.agents = new SimulatedAgents(connected, sockets, new AgentStats());
			if (!this.agents.awaitConnected(stop)) {
				throw new IllegalStateException("not all agents connected: " + this.agents.stats());
			}
			this.bench = new Bench(options, connected, sockets, stop);
		}

		@Override
		public void close() {
			this.agents.close();
		}

	}

}

package dev.switchboard.fleet;

import java.io.PrintWriter;
import java.net.URI;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code nats-peer compare}: a gateway's calls, its presence reads and a NATS server's
 * requests in turn, from one process, so that whatever else slows the machine slows all.
 */
@Command(name = "compare", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true,
		description = "Measures a gateway and a NATS server in alternating rounds, and prints a table (Markdown).")
final class Comparison implements Callable<Integer> {

	@Option(names = "--url", paramLabel = "URL", description = "the gateway's agent port (${DEFAULT-VALUE})")
	private URI url = URI.create("ws://127.0.0.1:8090");

	@Option(names = "--api", paramLabel = "URL", description = "its API port (${DEFAULT-VALUE})")
	private URI api = URI.create("http://127.0.0.1:8080");

	@Option(names = "--server-pid", paramLabel = "PID", required = true, description = "its process")
	private long serverPid;

	@Mixin
	private final NatsOptions nats = new NatsOptions();

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() {
		PrintWriter out = this.spec.commandLine().getOut();
		BenchOptions options = this.nats.bench(this.serverPid);
		options.api = this.api;
		FleetOptions agents = new FleetOptions();
		agents.agents = options.agents;
		agents.url = this.url;
		StopSignal stop = new StopSignal();
		try (var _ = new Interruption(stop);
				Sockets sockets = new Sockets(agents.threads);
				Fleet fleet = new Fleet(agents, sockets, new FleetStats());
				NatsBench peer = new NatsBench(this.nats.bench(), this.nats.target(), sockets, stop)) {
			if (!fleet.awaitConnected(stop)) {
				throw new IllegalStateException("not all agents connected: " + fleet.stats());
			}
			ComparisonTable table = measure(new Bench(options, agents, sockets, stop), peer, stop, out);
			out.println(table);
			return table.exitStatus();
		}
	}

	private ComparisonTable measure(Bench gateway, NatsBench peer, StopSignal stop, PrintWriter out) {
		gateway.warmUp(false);
		gateway.warmUp(true);
		peer.warmUp();
		ComparisonTable table = new ComparisonTable();
		for (int round = 0; round < this.nats.rounds && !stop.isStopped(); round++) {
			BenchReport calls = gateway.measure(false);
			BenchReport requests = peer.measure();
			BenchReport reads = gateway.measure(true);
			out.println(calls + System.lineSeparator() + requests + System.lineSeparator() + reads);
			table.add(calls, requests, reads);
		}
		return table;
	}

}

package dev.switchboard.simulator.bench;

import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

import dev.switchboard.simulator.Connects;
import dev.switchboard.simulator.FootprintCommand;
import dev.switchboard.simulator.Interruption;
import dev.switchboard.simulator.agents.Sockets;
import dev.switchboard.simulator.agents.StopSignal;
import dev.switchboard.simulator.agents.Target;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code nats-peer footprint}: what an idle connection costs the server. Go keeps for
 * later what it has freed, so that only the first rounds of a process say much.
 */
@Command(name = "footprint", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true,
		description = "Measures the resident bytes that an idle connection with one subscription costs the server.")
final class NatsFootprint implements Callable<Integer> {

	@Option(names = "--nats", paramLabel = "URL", description = "its WebSocket port (${DEFAULT-VALUE})")
	private URI nats = URI.create("ws://127.0.0.1:8022");

	@Option(names = "--nats-pid", paramLabel = "PID", required = true, description = "its process")
	private long natsPid;

	@Option(names = "--agents", paramLabel = "N", description = "connections (${DEFAULT-VALUE})")
	private int agents = 19_000;

	@Option(names = "--rate", paramLabel = "N", description = "connections a second (${DEFAULT-VALUE})")
	private double rate = 2000;

	@Option(names = "--warmup", paramLabel = "N", description = "rounds that are not measured (${DEFAULT-VALUE})")
	private int warmup;

	@Option(names = "--rounds", paramLabel = "N", description = "rounds that are (${DEFAULT-VALUE})")
	private int rounds = 1;

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() {
		PrintWriter out = this.spec.commandLine().getOut();
		StopSignal stop = new StopSignal();
		double[] slopes = new double[this.rounds];
		try (var _ = new Interruption(stop); Sockets sockets = new Sockets(1)) {
			for (int i = 0; i < this.warmup; i++) {
				out.println("warm-up round");
				round(sockets, stop, out);
			}
			for (int i = 0; i < this.rounds; i++) {
				slopes[i] = round(sockets, stop, out);
			}
		}
		out.println(String.format(Locale.ROOT, "median of %d: RSS %.0f bytes a connection", this.rounds,
				FootprintCommand.median(slopes)));
		return 0;
	}

	private double round(Sockets sockets, StopSignal stop, PrintWriter out) {
		ServerProcess server = new ServerProcess(this.natsPid);
		long before = server.residentBytes();
		List<NatsAgent> idle = IntStream.range(0, this.agents)
			.mapToObj(NatsRequests::subject)
			.map(NatsAgent::new)
			.toList();
		Meter meter = new Meter(this.natsPid);
		try (NatsClients clients = new NatsClients(Target.of(this.nats, "ws", "/"), sockets, this.rate, idle)) {
			clients.awaitConnected(stop);
			out.println(new Connects(this.agents, meter.spent()));
			double slope = (double) (server.residentBytes() - before) / this.agents;
			out.println(String.format(Locale.ROOT, "RSS %.0f bytes a connection", slope));
			return slope;
		}
	}

}

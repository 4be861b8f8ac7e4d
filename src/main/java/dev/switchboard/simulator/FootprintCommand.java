package dev.switchboard.simulator;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;

import dev.switchboard.simulator.agents.AgentOptions;
import dev.switchboard.simulator.agents.Sockets;
import dev.switchboard.simulator.agents.StopSignal;
import dev.switchboard.simulator.bench.ServerProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code simulator footprint}: what an idle connection costs the gateway. */
public @Command(name = "footprint", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true,
		description = { "Measures the bytes that an idle connection costs a gateway on this machine:",
				"live heap after a full collection, and resident memory, without agents and with all of them.",
				"Rounds of connecting and closing come first, since memory before them is code being compiled." }) final class FootprintCommand
						implements Callable<Integer> {

	@Mixin
	private final AgentOptions options = new AgentOptions();

	@Option(names = "--server-pid", paramLabel = "PID", required = true, description = "the gateway's process")
	private long serverPid;

	@Option(names = "--warmup", paramLabel = "N", description = "rounds that are not measured (${DEFAULT-VALUE})")
	private int warmup = 2;

	@Option(names = "--rounds", paramLabel = "N", description = "rounds that are (${DEFAULT-VALUE})")
	private int rounds = 3;

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() {
		SimulatorCommand.prepare(this.options, this.spec);
		if (this.options.agents == 0 || this.rounds < 1) {
			throw new ParameterException(this.spec.commandLine(), "--agents and --rounds must be positive");
		}
		StopSignal stop = new StopSignal();
		try (var _ = new Interruption(stop); Sockets sockets = new Sockets(this.options.threads)) {
			Footprint footprint = new Footprint(this.options, sockets, new ServerProcess(this.serverPid), stop);
			return measure(footprint, this.spec.commandLine().getOut());
		}
		catch (IllegalStateException ex) {
			this.spec.commandLine().getErr().println(ex.getMessage());
			return 1;
		}
	}

	private int measure(Footprint footprint, PrintWriter out) {
		for (int i = 0; i < this.warmup; i++) {
			footprint.round();
			out.println("warm-up round " + (i + 1));
		}
		double[] heap = new double[this.rounds];
		double[] resident = new double[this.rounds];
		for (int i = 0; i < this.rounds; i++) {
			Footprint.Slope slope = footprint.round();
			heap[i] = slope.heapBytes();
			resident[i] = slope.residentBytes();
			out.println(slope);
		}
		out.println(String.format(Locale.ROOT, "median of %d: heap %.0f, RSS %.0f bytes a connection", this.rounds,
				median(heap), median(resident)));
		return 0;
	}

	public static double median(double[] values) {
		Arrays.sort(values);
		return values[values.length / 2];
	}

}

package dev.switchboard.simulator;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import dev.switchboard.simulator.agents.AgentOptions;
import dev.switchboard.simulator.agents.AgentStats;
import dev.switchboard.simulator.agents.SimulatedAgents;
import dev.switchboard.simulator.agents.Sockets;
import dev.switchboard.simulator.agents.StopSignal;
import dev.switchboard.simulator.bench.Bench;
import dev.switchboard.simulator.bench.BenchOptions;
import dev.switchboard.simulator.bench.BenchReport;
import dev.switchboard.simulator.bench.Meter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code simulator bench}: drives calls through the API, and measures them. */
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true,
		description = { "Drives calls of echo, or pushes, through the API and measures them.",
				"Agents that 'simulator --agents N' connects before it stay connected meanwhile.",
				"Exit status: 0 if each got its answer, 3 if one got another's, 1 for other errors,",
				"2 for a bad option." })
final class BenchCommand implements Callable<Integer> {

	@Mixin
	private final BenchOptions options = new BenchOptions();

	@ParentCommand
	@SuppressWarnings("NullAway.Init")
	private SimulatorCommand simulator;

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() {
		AgentOptions connected = this.simulator.agents();
		try {
			this.options.prepare(connected);
		}
		catch (IllegalArgumentException ex) {
			throw new ParameterException(this.spec.commandLine(), String.valueOf(ex.getMessage()), ex);
		}
		StopSignal stop = new StopSignal();
		try (var _ = new Interruption(stop)) {
			return connectAndRun(connected, stop, this.spec.commandLine().getOut());
		}
	}

	private int connectAndRun(AgentOptions connected, StopSignal stop, PrintWriter out) {
		AgentStats stats = new AgentStats();
		int status = 1;
		Meter meter = new Meter(this.options.serverPid);
		try (Sockets sockets = new Sockets(connected.threads);
				SimulatedAgents agents = new SimulatedAgents(connected, sockets, stats)) {
			if (agents.awaitConnected(stop)) {
				Connects connects = new Connects(connected.agents, meter.spent());
				out.print((connected.agents > 0) ? connects + System.lineSeparator() : "");
				status = run(new Bench(this.options, this.options.agents(connected), sockets, stop), stop, out);
			}
			else {
				out.println("not all agents connected: " + stats);
			}
		}
		out.print((connected.agents > 0) ? "closed: " + stats + System.lineSeparator() : "");
		return status;
	}

	private int run(Bench bench, StopSignal stop, PrintWriter out) {
		int status = 0;
		for (int round = 0; round < this.options.rounds && !stop.isStopped(); round++) {
			if (round == 0) {
				warmUp(bench);
			}
			BenchReport report = bench.measure(this.options.get);
			out.println(report);
			status = Math.max(status, report.exitStatus());
			if (this.options.compare) {
				BenchReport reads = bench.measure(true);
				out.println(reads);
				out.println(report.beside(reads));
				status = Math.max(status, reads.exitStatus());
			}
		}
		return stop.isStopped() ? Math.max(1, status) : status;
	}

	private void warmUp(Bench bench) {
		bench.warmUp(this.options.get);
		if (this.options.compare) {
			bench.warmUp(true);
		}
	}

}

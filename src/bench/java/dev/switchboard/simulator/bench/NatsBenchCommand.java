package dev.switchboard.simulator.bench;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import dev.switchboard.simulator.Interruption;
import dev.switchboard.simulator.agents.Sockets;
import dev.switchboard.simulator.agents.StopSignal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code nats-peer bench}: requests and their answers. */
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true,
		description = "Sends requests to agents that answer with the same, and measures them.")
final class NatsBenchCommand implements Callable<Integer> {

	@Mixin
	private final NatsOptions options = new NatsOptions();

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() {
		PrintWriter out = this.spec.commandLine().getOut();
		StopSignal stop = new StopSignal();
		int status = 0;
		try (var _ = new Interruption(stop);
				Sockets sockets = new Sockets(1);
				NatsBench bench = new NatsBench(this.options.bench(), this.options.target(), sockets, stop)) {
			bench.warmUp();
			for (int round = 0; round < this.options.rounds && !stop.isStopped(); round++) {
				BenchReport report = bench.measure();
				out.println(report);
				status = Math.max(status, report.exitStatus());
			}
		}
		return status;
	}

}

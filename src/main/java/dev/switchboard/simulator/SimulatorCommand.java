package dev.switchboard.simulator;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import dev.switchboard.simulator.agents.AgentOptions;
import dev.switchboard.simulator.agents.AgentStats;
import dev.switchboard.simulator.agents.EventStats;
import dev.switchboard.simulator.agents.SimulatedAgents;
import dev.switchboard.simulator.agents.Sockets;
import dev.switchboard.simulator.agents.StopSignal;
import dev.switchboard.simulator.bench.Meter;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code simulator}, with the older and hidden name {@code fleet}: connects simulated
 * agents, which answer calls until the command ends. The command runs without Spring, in
 * the caller's thread and in event loops of its own.
 */
@Command(name = "simulator", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true,
		subcommands = { BenchCommand.class, FootprintCommand.class },
		description = {
				"Connects simulated agents, which answer calls of echo, acknowledge durable pushes, and may send events.",
				"Without TLS, for loopback and private networks.",
				"Exit status: 0 if all were connected at the end, 1 if not, 2 for a bad option." })
public final class SimulatorCommand implements Callable<Integer> {

	/** How long the last events may take to be acknowledged. */
	private static final long LAST_EVENTS_SECONDS = 5;

	@Mixin
	private final AgentOptions options = new AgentOptions();

	@Option(names = "--duration", paramLabel = "SECONDS", description = "end after that; 0: when interrupted")
	private long duration;

	@Option(names = "--server-pid", paramLabel = "PID", description = "gateway here, whose CPU and memory to report")
	private @Nullable Long serverPid;

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	private SimulatorCommand() {
		// Logback without a configuration would write Netty's debug messages.
		InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
	}

	static CommandLine commandLine() {
		return new CommandLine(new SimulatorCommand());
	}

	/** Checks the options and returns them. */
	static AgentOptions prepare(AgentOptions options, CommandSpec spec) {
		try {
			options.prepare();
			return options;
		}
		catch (RuntimeException ex) {
			throw new ParameterException(spec.commandLine(), String.valueOf(ex.getMessage()), ex);
		}
	}

	/** Returns the options of agents that stay connected while a subcommand runs. */
	AgentOptions agents() {
		return prepare(this.options, this.spec);
	}

	@Override
	public Integer call() {
		if (agents().agents == 0) {
			throw new ParameterException(this.spec.commandLine(), "--agents is missing");
		}
		StopSignal stop = new StopSignal();
		if (this.duration > 0) {
			stop.stopAfter(this.duration, TimeUnit.SECONDS);
		}
		try (var _ = new Interruption(stop)) {
			return runUntil(stop, this.spec.commandLine().getOut());
		}
	}

	private static void finishEvents(SimulatedAgents agents, PrintWriter out) {
		EventStats events = agents.stats().events();
		if (events != null) {
			StopSignal patience = new StopSignal();
			patience.stopAfter(LAST_EVENTS_SECONDS, TimeUnit.SECONDS);
			agents.finishEvents(patience);
			out.println(events);
		}
	}

	private int runUntil(StopSignal stop, PrintWriter out) {
		AgentStats stats = new AgentStats();
		Meter meter = new Meter(this.serverPid);
		Progress progress = new Progress(stats, System.nanoTime());
		boolean complete;
		try (Sockets sockets = new Sockets(this.options.threads);
				SimulatedAgents agents = new SimulatedAgents(this.options, sockets, stats)) {
			Thread.startVirtualThread(() -> {
				if (agents.awaitConnected(stop)) {
					out.println(new Connects(this.options.agents, meter.spent()));
				}
			});
			while (!stop.await(1, TimeUnit.SECONDS)) {
				out.println(progress.line(System.nanoTime()));
			}
			complete = agents.isConnected();
			out.println("at the end: " + stats);
			finishEvents(agents, out);
		}
		out.println("closed: " + stats);
		return complete ? 0 : 1;
	}

}

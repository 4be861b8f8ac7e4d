package dev.switchboard.simulator.bench;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine;

/**
 * Measures a NATS server over WebSocket with the means of {@code simulator}, as the peer that
 * the gateway is compared with. Not a test: {@code src/test/bench/compare} runs it.
 */
@Command(name = "nats-peer", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true,
		subcommands = { NatsBenchCommand.class, NatsFootprint.class, Comparison.class },
		description = "Measures a NATS server over WebSocket as the simulator measures a gateway.")
final class NatsPeer {

	private NatsPeer() {
	}

	public static void main(String[] args) {
		System.exit(commandLine().execute(args));
	}

	static CommandLine commandLine() {
		// Logback without a configuration would write Netty's debug messages.
		InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
		return new CommandLine(new NatsPeer());
	}

}

package dev.switchboard.simulator.bench;

import java.net.URI;

import dev.switchboard.simulator.agents.Target;
import picocli.CommandLine.Option;

/**
 * What a bench of a NATS server does: the command line's options, as of {@code simulator}.
 */
final class NatsOptions {

	@Option(names = "--nats", paramLabel = "URL", description = "its WebSocket port (${DEFAULT-VALUE})")
	private URI nats = URI.create("ws://127.0.0.1:8022");

	@Option(names = "--nats-pid", paramLabel = "PID", required = true, description = "its process")
	private long natsPid;

	@Option(names = "--agents", paramLabel = "N", description = "agents that answer (${DEFAULT-VALUE})")
	private int agents = 100;

	@Option(names = "--callers", paramLabel = "N", description = "with one request at a time (${DEFAULT-VALUE})")
	private int callers = 64;

	@Option(names = "--calls", paramLabel = "N", description = "in each measurement (${DEFAULT-VALUE})")
	private long calls = 100_000;

	@Option(names = "--warmup", paramLabel = "N", description = "calls that are not measured (${DEFAULT-VALUE})")
	private long warmup = 100_000;

	@Option(names = "--payload-bytes", paramLabel = "N", description = "of each (${DEFAULT-VALUE})")
	private int payloadBytes = 64;

	@Option(names = "--rounds", paramLabel = "N", description = "measure so many times (${DEFAULT-VALUE})")
	int rounds = 3;

	Target target() {
		return Target.of(this.nats, "ws", "/");
	}

	/** The same as options of {@code simulator bench}. */
	BenchOptions bench() {
		return bench(this.natsPid);
	}

	/** The same for another server. */
	BenchOptions bench(long serverPid) {
		BenchOptions options = new BenchOptions();
		options.agents = this.agents;
		options.callers = this.callers;
		options.calls = this.calls;
		options.warmup = this.warmup;
		options.payloadBytes = this.payloadBytes;
		options.serverPid = serverPid;
		return options;
	}

}

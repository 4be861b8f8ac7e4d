package dev.switchboard.simulator.bench;

import java.net.URI;

import dev.switchboard.simulator.agents.AgentOptions;
import dev.switchboard.simulator.agents.Target;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the command line that say which calls a bench makes. */
public final class BenchOptions {

	@Option(names = "--api", paramLabel = "URL", description = "API port (${DEFAULT-VALUE})")
	URI api = URI.create("http://127.0.0.1:8080");

	@Option(names = "--agents", paramLabel = "N", description = "agents to call, in turn (those of this process)")
	int agents;

	@Option(names = "--tenant", paramLabel = "ID", description = "their tenant (as of this process's agents)")
	@Nullable String tenant;

	@Option(names = "--prefix", paramLabel = "TEXT", description = "of their ids (as of this process's agents)")
	@Nullable String prefix;

	@Option(names = "--first", paramLabel = "N", description = "number of the first (as of this process's agents)")
	@Nullable Integer first;

	@Option(names = "--token", paramLabel = "TOKEN", description = "the caller's bearer token")
	@Nullable String token;

	@Option(names = "--callers", paramLabel = "N",
			description = "keep-alive connections, each with one call at a time (${DEFAULT-VALUE})")
	int callers = 64;

	@Option(names = "--calls", paramLabel = "N", description = "end after so many (100000 without --duration)")
	long calls;

	@Option(names = "--duration", paramLabel = "SECONDS", description = "end after that")
	long duration;

	@Option(names = "--warmup", paramLabel = "N",
			description = "calls before, which are not measured (${DEFAULT-VALUE})")
	long warmup;

	@Option(names = "--payload-bytes", paramLabel = "N",
			description = "size of each call's payload, which is unique (${DEFAULT-VALUE})")
	int payloadBytes = 64;

	public @Option(names = "--get", description = "read the agents' presence instead of calling them") boolean get;

	@Option(names = "--push", description = "push to the agents instead of calling them")
	boolean push;

	@Option(names = "--compare", description = "measure calls (or pushes), then presence, and their ratio")
	public boolean compare;

	@Option(names = "--rounds", paramLabel = "N", description = "measure so many times (${DEFAULT-VALUE})")
	public int rounds = 1;

	@Option(names = "--target-rate", paramLabel = "N",
			description = "begin so many a second whatever the answers, and count latency from when each was due")
	double targetRate;

	@Option(names = "--timeout", paramLabel = "SECONDS",
			description = "give up an answer after that (${DEFAULT-VALUE})")
	long timeout = 60;

	public @Option(names = "--server-pid", paramLabel = "PID",
			description = "gateway here, whose CPU and memory to report") @Nullable Long serverPid;

	/**
	 * Takes missing options from those of this process's agents, and checks all options.
	 * @throws IllegalArgumentException if the options are not valid
	 */
	public void prepare(AgentOptions connected) {
		this.agents = (this.agents != 0) ? this.agents : connected.agents;
		this.calls = (this.calls == 0 && this.duration == 0) ? 100_000 : this.calls;
		require(this.agents > 0, "--agents is missing");
		require(this.callers > 0 && this.rounds > 0, "--callers and --rounds must be positive");
		require(this.calls >= 0 && this.duration >= 0 && this.targetRate >= 0, "must not be negative");
		require(!this.get || !(this.compare || this.push), "--get excludes --compare and --push");
		target();
		agents(connected).agentId(0);
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

	Target target() {
		return Target.of(this.api, "http", "/");
	}

	/** Returns the agents to call, as options of simulated agents. */
	public AgentOptions agents(AgentOptions connected) {
		AgentOptions called = new AgentOptions();
		called.tenant = (this.tenant != null) ? this.tenant : connected.tenant;
		called.prefix = (this.prefix != null) ? this.prefix : connected.prefix;
		called.first = (this.first != null) ? this.first : connected.first;
		called.agents = this.agents;
		return called;
	}

}

package dev.switchboard.fleet;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/** The callers of a bench, and the runs that they make one after the other. */
final class Bench {

	private final BenchOptions options;

	private final FleetOptions agents;

	private final StopSignal stop;

	private final List<Caller> callers;

	/**
	 * Makes callers that are not connected yet.
	 * @param agents whom they call
	 * @param stop ends a run early
	 */
	Bench(BenchOptions options, FleetOptions agents, Sockets sockets, StopSignal stop) {
		this.options = options;
		this.agents = agents;
		this.stop = stop;
		this.callers = IntStream.range(0, options.callers)
			.mapToObj((i) -> new Caller(sockets.bootstrap(), sockets.loops().next(), options.target().address()))
			.toList();
	}

	/** Makes the requests that are not measured. */
	void warmUp(boolean get) {
		if (this.options.warmup > 0) {
			run(workload(get), this.options.warmup, 0);
		}
	}

	/** Makes the requests that are. */
	BenchReport measure(boolean get) {
		return run(workload(get), this.options.calls, TimeUnit.SECONDS.toNanos(this.options.duration));
	}

	private Workload workload(boolean get) {
		String headers = "Host: " + this.options.target().authority() + "\r\n"
				+ ((this.options.token != null) ? "Authorization: Bearer " + this.options.token + "\r\n" : "");
		return get ? new PresenceReads(this.agents, headers)
				: new EchoCalls(this.agents, headers, this.options.payloadBytes);
	}

	private BenchReport run(Workload workload, long calls, long nanos) {
		@Nullable ServerProcess server = (this.options.serverPid != null) ? new ServerProcess(this.options.serverPid) : null;
		ServerProcess self = new ServerProcess(ProcessHandle.current().pid());
		long serverBefore = (server != null) ? server.cpuMicros() : 0;
		long selfBefore = self.cpuMicros();
		long start = System.nanoTime();
		BenchRun run = new BenchRun(workload, new Schedule(start, calls, nanos, this.options.targetRate),
				this.callers.size());
		this.callers.forEach((caller) -> caller.begin(run));
		await(run);
		return new BenchReport(workload.name(), run.measurement(), System.nanoTime() - start,
				(server != null) ? server.cpuMicros() - serverBefore : -1, self.cpuMicros() - selfBefore,
				(server != null) ? server.residentBytes() : -1);
	}

	private void await(BenchRun run) {
		while (!run.await(100, TimeUnit.MILLISECONDS)) {
			this.callers.forEach((caller) -> caller.expire(TimeUnit.SECONDS.toNanos(this.options.timeout)));
			if (this.stop.isStopped()) {
				run.schedule().stop();
			}
		}
	}

}

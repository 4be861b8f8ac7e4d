package dev.switchboard.simulator.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.switchboard.simulator.agents.AgentOptions;
import dev.switchboard.simulator.agents.Sockets;
import dev.switchboard.simulator.agents.StopSignal;

/** The callers of a bench, and the runs that they make one after the other. */
public final class Bench {

	private final BenchOptions options;

	private final AgentOptions agents;

	private final StopSignal stop;

	private final List<Caller> callers;

	/**
	 * Makes callers that are not connected yet.
	 * @param agents the agents to call
	 * @param stop ends a run early
	 */
	public Bench(BenchOptions options, AgentOptions agents, Sockets sockets, StopSignal stop) {
		this.options = options;
		this.agents = agents;
		this.stop = stop;
		this.callers = IntStream.range(0, options.callers)
			.mapToObj((i) -> new Caller(sockets.bootstrap(), sockets.loops().next(), options.target().address()))
			.toList();
	}

	/** Makes the requests that are not measured. */
	public void warmUp(boolean get) {
		if (this.options.warmup > 0) {
			run(workload(get), this.options.warmup, 0);
		}
	}

	/** Makes the requests that are measured. */
	public BenchReport measure(boolean get) {
		return run(workload(get), this.options.calls, TimeUnit.SECONDS.toNanos(this.options.duration));
	}

	private Workload workload(boolean get) {
		String headers = "Host: " + this.options.target().authority() + "\r\n"
				+ ((this.options.token != null) ? "Authorization: Bearer " + this.options.token + "\r\n" : "");
		AgentRequests requests = new AgentRequests(this.agents, headers);
		Payloads payloads = new Payloads(this.options.payloadBytes);
		return get ? new PresenceReads(requests)
				: this.options.push ? new Pushes(requests, payloads) : new EchoCalls(requests, payloads);
	}

	private BenchReport run(Workload workload, long calls, long nanos) {
		Meter meter = new Meter(this.options.serverPid);
		BenchRun<Workload> run = new BenchRun<>(workload,
				new Schedule(meter.startNanos(), calls, nanos, this.options.targetRate), this.callers.size());
		this.callers.forEach((caller) -> caller.begin(run));
		await(run);
		return new BenchReport(workload.name(), run.measurement(), meter.spent());
	}

	private void await(BenchRun<?> run) {
		while (!run.await(100, TimeUnit.MILLISECONDS)) {
			this.callers.forEach((caller) -> caller.expire(TimeUnit.SECONDS.toNanos(this.options.timeout)));
			if (this.stop.isStopped()) {
				run.schedule().stop();
			}
		}
	}

}

package dev.switchboard.simulator.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.switchboard.simulator.Connects;
import dev.switchboard.simulator.agents.Sockets;
import dev.switchboard.simulator.agents.StopSignal;
import dev.switchboard.simulator.agents.Target;

/** Agents and callers of a NATS server, and the runs that they make. */
final class NatsBench implements AutoCloseable {

	private final BenchOptions options;

	private final StopSignal stop;

	private final List<NatsCaller> callers;

	private final NatsClients agents;

	private final NatsClients connected;

	/**
	 * Connects them all.
	 * @param options how many there are, and what they do
	 * @param stop ends a run early
	 * @throws IllegalStateException if not all could connect
	 */
	NatsBench(BenchOptions options, Target server, Sockets sockets, StopSignal stop) {
		this.options = options;
		this.stop = stop;
		this.callers = IntStream.range(0, options.callers).mapToObj(NatsCaller::new).toList();
		this.agents = new NatsClients(server, sockets, 2000,
				IntStream.range(0, options.agents).mapToObj(NatsRequests::subject).map(NatsAgent::new).toList());
		this.connected = new NatsClients(server, sockets, 2000, this.callers);
		this.agents.awaitConnected(stop);
		this.connected.awaitConnected(stop);
	}

	/** Makes the requests that are not measured. */
	void warmUp() {
		if (this.options.warmup > 0) {
			run(this.options.warmup, 0);
		}
	}

	/** Makes the requests that are. */
	BenchReport measure() {
		return run(this.options.calls, TimeUnit.SECONDS.toNanos(this.options.duration));
	}

	private BenchReport run(long calls, long nanos) {
		NatsRequests requests = new NatsRequests(this.options.agents, new Payloads(this.options.payloadBytes));
		Meter meter = new Meter(this.options.serverPid);
		BenchRun<NatsRequests> run = new BenchRun<>(requests,
				new Schedule(meter.startNanos(), calls, nanos, this.options.targetRate), this.callers.size());
		this.callers.forEach((caller) -> caller.begin(run));
		while (!run.await(100, TimeUnit.MILLISECONDS)) {
			this.callers.forEach((caller) -> caller.expire(TimeUnit.SECONDS.toNanos(this.options.timeout)));
			if (this.stop.isStopped()) {
				run.schedule().stop();
			}
		}
		return new BenchReport("NATS requests", run.measurement(), meter.spent());
	}

	@Override
	public void close() {
		this.connected.close();
		this.agents.close();
	}

}

package dev.switchboard.simulator.bench;

import org.jspecify.annotations.Nullable;

/** Measures the time, CPU and memory that this process and a server use. */
public final class Meter {

	private final ServerProcess self = new ServerProcess(ProcessHandle.current().pid());

	private final @Nullable ServerProcess server;

	private final long ownCpuMicros;

	private final long serverCpuMicros;

	private final long start;

	/**
	 * Begins to measure.
	 * @param serverPid a process of this machine, or null to measure no server
	 */
	public Meter(@Nullable Long serverPid) {
		this.server = (serverPid != null) ? new ServerProcess(serverPid) : null;
		this.ownCpuMicros = this.self.cpuMicros();
		this.serverCpuMicros = (this.server != null) ? this.server.cpuMicros() : 0;
		this.start = System.nanoTime();
	}

	/** Returns the time at which measuring began, by {@link System#nanoTime}. */
	long startNanos() {
		return this.start;
	}

	/** Returns the cost so far. */
	public Cost spent() {
		long nanos = System.nanoTime() - this.start;
		long own = this.self.cpuMicros() - this.ownCpuMicros;
		return (this.server != null)
				? new Cost(nanos, own, this.server.cpuMicros() - this.serverCpuMicros, this.server.residentBytes())
				: new Cost(nanos, own, -1, -1);
	}

}

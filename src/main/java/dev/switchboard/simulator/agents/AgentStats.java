package dev.switchboard.simulator.agents;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import dev.switchboard.simulator.bench.Pushes;

/** Counters of all simulated agents of a process. Thread-safe. */
public final class AgentStats {

	/** Sockets on their way to a finished handshake. */
	public final AtomicInteger connecting = new AtomicInteger();

	/** Connections that are open. */
	public final AtomicInteger connected = new AtomicInteger();

	public final LongAdder answered = new LongAdder();

	/** Pushes that came. */
	final LongAdder pushed = new LongAdder();

	final LongAdder pings = new LongAdder();

	final LongAdder receivedBytes = new LongAdder();

	/** Connections that never opened, by reason. */
	public final Counts failures = new Counts();

	/** Connections that ended, by close code; 1006 is a socket lost without one. */
	final Counts closes = new Counts();

	/** Attempts that have ended, with or without success. */
	long settled() {
		return this.connected.get() + this.failures.total() + this.closes.total();
	}

	@Override
	public String toString() {
		return "connected " + this.connected + ", connecting " + this.connecting + ", failed " + this.failures
				+ ", closed " + this.closes + ", calls answered " + this.answered + ", pushed " + this.pushed
				+ ", pings " + this.pings + ", received " + this.receivedBytes + " bytes";
	}

}

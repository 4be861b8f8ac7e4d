package dev.switchboard.simulator.agents;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/** Counters of all simulated agents of a process. Thread-safe. */
public final class AgentStats {

	/** The number of sockets whose handshake has not finished. */
	public final AtomicInteger connecting = new AtomicInteger();

	/** The number of open connections. */
	public final AtomicInteger connected = new AtomicInteger();

	public final LongAdder answered = new LongAdder();

	/** The number of pushes that came. */
	public final LongAdder pushed = new LongAdder();

	/** The number of durable pushes that were processed, each for the first time. */
	public final LongAdder processed = new LongAdder();

	/** The number of times that a durable push came which had been processed before. */
	public final LongAdder repeated = new LongAdder();

	/** What has become of the agents' events; null if they send none. */
	volatile @Nullable EventStats events;

	final LongAdder pings = new LongAdder();

	final LongAdder receivedBytes = new LongAdder();

	/** The number of attempts to connect that failed, by reason. */
	public final Counts failures = new Counts();

	/**
	 * The number of connections that ended, by close code. The code 1006 stands for a
	 * socket that was lost without a close code.
	 */
	final Counts closes = new Counts();

	/** Returns what has become of the agents' events; null if they send none. */
	public @Nullable EventStats events() {
		return this.events;
	}

	/**
	 * Returns the number of attempts to connect that have ended, with or without success.
	 */
	long settled() {
		return this.connected.get() + this.failures.total() + this.closes.total();
	}

	@Override
	public String toString() {
		return "connected " + this.connected + ", connecting " + this.connecting + ", failed " + this.failures
				+ ", closed " + this.closes + ", calls answered " + this.answered + ", pushed " + this.pushed
				+ ", processed " + this.processed + ", repeated " + this.repeated + ", pings " + this.pings
				+ ", received " + this.receivedBytes + " bytes";
	}

}

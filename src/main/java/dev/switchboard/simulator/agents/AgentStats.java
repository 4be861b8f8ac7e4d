package dev.switchboard.simulator.agents;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;

import dev.switchboard.simulator.bench.Pushes;

/** Counters of all simulated agents of a process. Thread-safe. */
public final class AgentStats {

	/** The number of sockets whose handshake has not finished. */
	public final AtomicInteger connecting = new AtomicInteger();

	/** The number of open connections. */
	public final AtomicInteger connected = new AtomicInteger();

	public final LongAdder answered = new LongAdder();

	/** The number of pushes that came. */
	final LongAdder pushed = new LongAdder();

	/** The number of durable pushes that were acknowledged. */
	final LongAdder acknowledged = new LongAdder();

	final LongAdder pings = new LongAdder();

	final LongAdder receivedBytes = new LongAdder();

	/** The number of attempts to connect that failed, by reason. */
	public final Counts failures = new Counts();

	/**
	 * The number of connections that ended, by close code. The code 1006 stands for a
	 * socket that was lost without a close code.
	 */
	final Counts closes = new Counts();

	/**
	 * Counts a push, and acknowledges it if it is durable.
	 * @param acks sends the acknowledgement
	 */
	void pushed(Frame.Push push, Consumer<byte[]> acks) {
		this.pushed.increment();
		if (push.durable()) {
			this.acknowledged.increment();
			acks.accept(FrameCodec.encode(new Frame.Ack(push.id().toString())));
		}
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
				+ ", acknowledged " + this.acknowledged + ", pings " + this.pings + ", received " + this.receivedBytes
				+ " bytes";
	}

}

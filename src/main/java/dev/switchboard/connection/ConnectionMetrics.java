package dev.switchboard.connection;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import org.springframework.stereotype.Component;

/** What the connections of this node count. Thread-safe. */
@Component
public final class ConnectionMetrics {

	private final MeterRegistry meters;

	private final Counter lateAnswers;

	private final Counter ignoredFrames;

	private final LongAdder queuedBytes = new LongAdder();

	private final Timer write;

	private final Timer agent;

	private final Timer sweep;

	ConnectionMetrics(MeterRegistry meters, ConnectionRegistry connections) {
		this.meters = meters;
		this.lateAnswers = Counter.builder("switchboard.calls.late.answers")
			.description("Chunks and answers for calls that were not waiting")
			.register(meters);
		this.ignoredFrames = Counter.builder("switchboard.frames.ignored")
			.description("Frames of types that this node does nothing with")
			.register(meters);
		this.write = timer("switchboard.calls.write", "Answered calls from their acceptance to the agent's socket");
		this.agent = timer("switchboard.calls.agent", "Answered calls from the agent's socket to their answer");
		this.sweep = Timer.builder("switchboard.connections.sweep")
			.description("What event loops take to look after connections and calls whose time has come")
			.register(meters);
		Gauge.builder("switchboard.connections", connections, ConnectionRegistry::size)
			.description("Agents that are connected to this node")
			.register(meters);
		Gauge.builder("switchboard.outbound.queued", this.queuedBytes, LongAdder::sum)
			.description("Bytes that wait for slow agents")
			.baseUnit("bytes")
			.register(meters);
	}

	private Timer timer(String name, String description) {
		return Timer.builder(name).description(description).publishPercentileHistogram().register(this.meters);
	}

	void answered(PendingCall call) {
		long taken = call.message().takenNanos();
		this.write.record(taken - call.begunNanos(), TimeUnit.NANOSECONDS);
		this.agent.record(System.nanoTime() - taken, TimeUnit.NANOSECONDS);
	}

	/** An event loop has looked after what was due. */
	public void swept(long nanos) {
		this.sweep.record(nanos, TimeUnit.NANOSECONDS);
	}

	void lateAnswer() {
		this.lateAnswers.increment();
	}

	void ignoredFrame() {
		this.ignoredFrames.increment();
	}

	/** Bytes that wait for slow agents, of all connections. */
	LongAdder queuedBytes() {
		return this.queuedBytes;
	}

	/**
	 * A handshake ended: {@code accepted}, or the name of the problem it was refused
	 * with.
	 */
	public void handshake(String result) {
		this.meters.counter("switchboard.handshakes", "result", result).increment();
	}

	/** A connection ended with a close code; 1006 is a socket that just went. */
	public void closed(int code) {
		this.meters.counter("switchboard.connections.closed", "code", closeCode(code)).increment();
	}

	// The peer chooses its code: what the protocol does not name is one value, not many.
	private static String closeCode(int code) {
		boolean named = (code >= 1000 && code <= 1013) || (code >= 4000 && code <= 4004)
				|| (code >= 4500 && code <= 4503);
		return named ? Integer.toString(code) : "other";
	}

}

package dev.switchboard.connection;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import dev.switchboard.loop.LoopTimeout;
import dev.switchboard.time.TimeSource;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * Measures how long the agents of one event loop take to answer a ping. Each ping has a
 * number, which its pong brings back. The pings of the liveness check have no number.
 * Used on the event loop only. A connection without a numbered ping takes no memory here.
 */
final class RoundTrips {

	/** The most pings that may wait for their pongs at a time. */
	static final int MOST = 1000;

	private final EventExecutor loop;

	private final ConnectionLimits limits;

	private final TimeSource time;

	private final Map<Long, RoundTrip> waiting = new HashMap<>();

	private long lastNumber;

	RoundTrips(EventExecutor loop, ConnectionLimits limits, TimeSource time) {
		this.loop = loop;
		this.limits = limits;
		this.time = time;
	}

	/** Takes the time in nanoseconds; null if the agent has not answered in time. */
	@FunctionalInterface
	interface Result {

		void take(@Nullable Long nanos);

	}

	/**
	 * Pings the agent of a connection.
	 * @param outbound the connection's queue; if it has no room, the ping is not sent
	 * @param result takes the result, once
	 */
	void measure(AgentReceiver connection, OutboundSink outbound, Duration patience, Result result) {
		long number = ++this.lastNumber;
		RoundTrip trip = new RoundTrip(connection, result);
		OutboundMessage ping = OutboundMessage.ping(ByteBuffer.allocate(Long.BYTES).putLong(number).array(), trip);
		if (this.waiting.size() >= MOST || !outbound.send(ping, this.limits.maxQueuedBytes())) {
			result.take(null);
			return;
		}
		this.waiting.put(number, trip);
		trip.timeout = new LoopTimeout(this.loop, patience, () -> {
			outbound.withdraw(ping);
			end(number, null);
		}, this.time);
	}

	/**
	 * Takes a pong. A pong that answers no measured ping of this connection is dropped.
	 */
	void pong(AgentReceiver connection, DataBuffer payload) {
		if (this.waiting.isEmpty() || payload.readableByteCount() != Long.BYTES) {
			return;
		}
		byte[] bytes = new byte[Long.BYTES];
		payload.read(bytes);
		long number = ByteBuffer.wrap(bytes).getLong();
		RoundTrip trip = this.waiting.get(number);
		if (trip != null && trip.connection.equals(connection)) {
			end(number, trip.nanos());
		}
	}

	private void end(long number, @Nullable Long nanos) {
		RoundTrip trip = this.waiting.remove(number);
		if (trip != null) {
			if (trip.timeout != null) {
				trip.timeout.cancel();
			}
			trip.result.take(nanos);
		}
	}

	/**
	 * A ping that waits for its pong. The time is measured from the moment when the
	 * transport takes the ping.
	 */
	private final class RoundTrip implements OutboundMessage.Listener {

		private final AgentReceiver connection;

		private final Result result;

		private @Nullable LoopTimeout timeout;

		private long sentNanos = RoundTrips.this.time.nanoTime();

		RoundTrip(AgentReceiver connection, Result result) {
			this.connection = connection;
			this.result = result;
		}

		long nanos() {
			return RoundTrips.this.time.nanoTime() - this.sentNanos;
		}

		@Override
		public void taken() {
			this.sentNanos = RoundTrips.this.time.nanoTime();
		}

		@Override
		public void dropped() {
			// The connection has ended. The wait for the pong ends with its time-out.
		}

	}

}

package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after a connection while requests wait on it, ten times a second: ends those
 * whose time is up, pings a node that has been quiet for a third of what it may, and
 * gives one up that stays silent. An idle connection has no timer and no pings. Belongs
 * to the connection's event loop.
 */
final class PeerWatch extends ChannelInboundHandlerAdapter implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(PeerWatch.class);

	private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final PeerConnection connection;

	private final long silenceNanos;

	private final ForwardingMetrics metrics;

	private boolean running;

	private boolean pinged;

	private long heardNanos;

	private long lookedNanos;

	PeerWatch(PeerConnection connection, Duration silence, ForwardingMetrics metrics) {
		this.connection = connection;
		this.silenceNanos = silence.toNanos();
		this.metrics = metrics;
	}

	/** Begins to look, unless it does: a request waits. */
	void start() {
		if (!this.running) {
			this.running = true;
			this.lookedNanos = System.nanoTime();
			heard(this.lookedNanos);
			schedule();
		}
	}

	private void schedule() {
		this.connection.loop().schedule(this, INTERVAL_NANOS, TimeUnit.NANOSECONDS);
	}

	private void heard(long now) {
		this.heardNanos = now;
		this.pinged = false;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		heard(System.nanoTime());
		ctx.fireChannelRead(message);
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.metrics.connected();
		ctx.fireChannelActive();
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.metrics.disconnected();
		ctx.fireChannelInactive();
	}

	@Override
	public void run() {
		long now = System.nanoTime();
		this.connection.expire(now);
		this.running = this.connection.isAwaited();
		if (this.running) {
			if (now - this.lookedNanos > 3 * INTERVAL_NANOS) {
				// This process stood still, and what the node said may wait in the
				// socket.
				heard(now);
			}
			this.lookedNanos = now;
			look(now);
			schedule();
		}
		else if (!this.connection.isUsable()) {
			this.connection.close();
		}
	}

	private void look(long now) {
		long quiet = now - this.heardNanos;
		if (this.connection.isConnecting()) {
			return;
		}
		if (quiet >= this.silenceNanos) {
			logger.warn("{} says nothing, and is given up", this.connection);
			this.metrics.silent();
			this.connection.close();
		}
		else if (quiet >= this.silenceNanos / 3 && !this.pinged) {
			this.pinged = true;
			this.connection.ping();
		}
	}

}

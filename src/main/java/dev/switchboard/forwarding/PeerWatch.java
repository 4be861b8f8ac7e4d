package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.switchboard.time.Attendance;
import dev.switchboard.time.TimeSource;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a connection to another node. While requests wait on the connection, the watch
 * looks ten times a second. It fails the requests whose time is up. If the node has been
 * silent for a third of the limit, the watch pings the node. If the node has been silent
 * for the whole limit, the watch closes the connection. An idle connection has no timer
 * and no pings. Belongs to the connection's event loop.
 */
final class PeerWatch extends ChannelInboundHandlerAdapter implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(PeerWatch.class);

	private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final PeerConnection connection;

	private final long silenceNanos;

	private final ForwardingMetrics metrics;

	private final TimeSource time;

	private boolean running;

	private boolean pinged;

	private long heardNanos;

	private long dueNanos;

	private final Attendance attendance;

	PeerWatch(PeerConnection connection, Duration silence, ForwardingMetrics metrics, TimeSource time) {
		this.connection = connection;
		this.silenceNanos = silence.toNanos();
		this.metrics = metrics;
		this.time = time;
		this.attendance = new Attendance(Attendance.USUAL, time.nanoTime());
	}

	/** Starts to watch, unless the watch is running. */
	void start() {
		if (!this.running) {
			this.running = true;
			long now = this.time.nanoTime();
			heard(now);
			schedule(now);
		}
	}

	private void schedule(long now) {
		this.dueNanos = now + INTERVAL_NANOS;
		this.connection.loop().schedule(this, INTERVAL_NANOS, TimeUnit.NANOSECONDS);
	}

	private void heard(long now) {
		this.heardNanos = now;
		this.pinged = false;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		heard(this.time.nanoTime());
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
		long now = this.time.nanoTime();
		if (this.attendance.wasAway(this.dueNanos, now)) {
			// This thread was held up. Answers of the node may wait in the socket, so the
			// node's silence proves nothing.
			heard(now);
			schedule(now);
			return;
		}
		this.connection.expire(now);
		this.running = this.connection.isAwaited();
		if (this.running) {
			checkSilence(now);
			schedule(now);
		}
		else if (!this.connection.isUsable()) {
			this.connection.close();
		}
	}

	private void checkSilence(long now) {
		long quiet = now - this.heardNanos;
		if (this.connection.isConnecting()) {
			return;
		}
		if (quiet >= this.silenceNanos) {
			logger.warn("{} has been silent for too long; its connection is closed", this.connection);
			this.metrics.silent();
			this.connection.close();
		}
		else if (quiet >= this.silenceNanos / 3 && !this.pinged) {
			this.pinged = true;
			this.connection.ping();
		}
	}

}

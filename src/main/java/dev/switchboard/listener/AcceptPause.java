package dev.switchboard.listener;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;

/**
 * Pauses a listening channel while the process has more descriptors in use than a mark.
 * Connections that come meanwhile wait in the kernel. A process always gets the lowest
 * free number for a new descriptor. So the number of an accepted socket shows that at
 * least as many descriptors are in use, which costs no count of them. Thread-safe.
 */
@Sharable
public final class AcceptPause extends ChannelInboundHandlerAdapter {

	private static final long PAUSE_MILLIS = 1000;

	private final long mark;

	private final LongSupplier lowestFree;

	private final Runnable paused;

	/**
	 * @param mark the number of descriptors in use from which on nothing is accepted
	 * @param paused is called once a second while nothing is accepted
	 */
	public AcceptPause(long mark, Runnable paused) {
		this(mark, AcceptPause::lowestFree, paused);
	}

	/**
	 * @param lowestFree returns the number that the next descriptor gets
	 */
	AcceptPause(long mark, LongSupplier lowestFree, Runnable paused) {
		this.mark = mark;
		this.lowestFree = lowestFree;
		this.paused = paused;
	}

	private static long lowestFree() {
		Socket probe;
		try {
			probe = Socket.newSocketStream();
		}
		catch (RuntimeException ex) {
			return Long.MAX_VALUE; // None is free.
		}
		try {
			return probe.intValue();
		}
		finally {
			close(probe);
		}
	}

	private static void close(Socket probe) {
		try {
			probe.close();
		}
		catch (IOException ex) {
			throw new IllegalStateException("An unused socket cannot be closed", ex);
		}
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object accepted) {
		boolean last = accepted instanceof UnixChannel child && child.fd().intValue() >= this.mark;
		context.fireChannelRead(accepted);
		if (last) {
			pause(context);
		}
	}

	private void pause(ChannelHandlerContext context) {
		context.channel().config().setAutoRead(false);
		this.paused.run();
		context.executor().schedule(() -> goOn(context), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
	}

	private void goOn(ChannelHandlerContext context) {
		if (!context.channel().isOpen()) {
			return;
		}
		if (this.lowestFree.getAsLong() >= this.mark) {
			pause(context);
		}
		else {
			context.channel().config().setAutoRead(true);
		}
	}

}

package dev.switchboard.simulator.agents;

import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * The event loops of the process, and the settings of its sockets. Uses epoll if the
 * machine has it, otherwise NIO.
 */
public final class Sockets implements AutoCloseable {

	private static final int READ_BYTES = 2048;

	private final EventLoopGroup loops;

	private final Bootstrap bootstrap;

	public Sockets(int threads) {
		boolean epoll = Epoll.isAvailable();
		this.loops = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("simulator", true),
				epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
		this.bootstrap = new Bootstrap().group(this.loops)
			.channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
			.option(ChannelOption.TCP_NODELAY, true)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 10_000)
			// Fixed: an adaptive allocator would keep state for every idle connection.
			.option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES));
		if (epoll) {
			// The kernel chooses the source port at connect and not at bind, so only the
			// pair of source and target must be unique.
			this.bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
		}
	}

	/** Returns a copy of the bootstrap for the caller, without a handler. */
	public Bootstrap bootstrap() {
		return this.bootstrap.clone();
	}

	public EventLoopGroup loops() {
		return this.loops;
	}

	/** Ends the threads and waits for them. */
	@Override
	public void close() {
		this.loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
	}

}

package dev.switchboard.cluster.simulation;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.util.concurrent.AbstractEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import reactor.netty.resources.LoopResources;

/** The event loops of a node, with channels in memory. */
final class SimulatedLoops implements LoopResources {

	private final SimulatedNode node;

	private final Group group;

	SimulatedLoops(SimulatedNode node, List<SimulatedLoop> loops) {
		this.node = node;
		this.group = new Group(loops);
	}

	/** Returns the next event loop, in turn. */
	SimulatedLoop next() {
		return this.group.next();
	}

	/** Gives the memory of the event loops back, which have ended. */
	void release() {
		this.group.loops.forEach(SimulatedLoop::release);
	}

	@Override
	public EventLoopGroup onServer(boolean useNative) {
		return this.group;
	}

	@Override
	public EventLoopGroup onClient(boolean useNative) {
		return this.group;
	}

	@Override
	public EventLoopGroup onServerSelect(boolean useNative) {
		return this.group;
	}

	@Override
	@SuppressWarnings("unchecked")
	public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup loops) {
		return (C) new MemoryChannel(this.node.nextChannel());
	}

	@Override
	@SuppressWarnings("unchecked")
	public <C extends Channel> Class<? extends C> onChannelClass(Class<C> type, EventLoopGroup loops) {
		if (type != ServerSocketChannel.class) {
			throw new UnsupportedOperationException("no class for " + type);
		}
		return (Class<? extends C>) (Class<?>) MemoryServerChannel.class;
	}

	/** A group that never ends: the event loops end with the run of their node. */
	private static final class Group extends AbstractEventExecutorGroup implements EventLoopGroup {

		private final List<SimulatedLoop> loops;

		private int next;

		Group(List<SimulatedLoop> loops) {
			this.loops = List.copyOf(loops);
		}

		@Override
		public SimulatedLoop next() {
			return this.loops.get(this.next++ % this.loops.size());
		}

		@Override
		@SuppressWarnings("deprecation") // Bootstraps use it.
		public ChannelFuture register(Channel channel) {
			return next().register(channel);
		}

		@Override
		@SuppressWarnings("deprecation") // Bootstraps use it.
		public ChannelFuture register(ChannelPromise promise) {
			return next().register(promise);
		}

		@Override
		@Deprecated
		public ChannelFuture register(Channel channel, ChannelPromise promise) {
			return next().register(channel, promise);
		}

		@Override
		public Iterator<EventExecutor> iterator() {
			return this.loops.stream().<EventExecutor>map(EventLoop.class::cast).iterator();
		}

		@Override
		public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
			return terminationFuture();
		}

		@Override
		public Future<?> terminationFuture() {
			return ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);
		}

		@Override
		@Deprecated
		public void shutdown() {
			// The event loops end with the run of their node.
		}

		@Override
		public boolean isShuttingDown() {
			return false;
		}

		@Override
		public boolean isShutdown() {
			return false;
		}

		@Override
		public boolean isTerminated() {
			return false;
		}

		@Override
		public boolean awaitTermination(long timeout, TimeUnit unit) {
			return false;
		}

	}

}

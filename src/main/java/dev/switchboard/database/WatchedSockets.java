package dev.switchboard.database;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import reactor.netty.resources.LoopResources;

/**
 * Event loops for connections to the database. Their sockets notice within seconds that
 * the database's machine, or the network to it, is gone. With TCP's defaults this takes a
 * quarter of an hour. A slow server does not lose its connections, since its kernel still
 * answers.
 */
final class WatchedSockets implements LoopResources {

	/** How many milliseconds sent data may stay unacknowledged. */
	private static final int UNACKNOWLEDGED_LIMIT = 10_000;

	/**
	 * The seconds of silence before the first keep-alive probe, and the seconds between
	 * two probes.
	 */
	private static final int IDLE_BEFORE_ASKING = 5;

	private final LoopResources loops;

	WatchedSockets(LoopResources loops) {
		this.loops = loops;
	}

	@Override
	public EventLoopGroup onServer(boolean useNative) {
		return this.loops.onServer(useNative);
	}

	@Override
	public EventLoopGroup onClient(boolean useNative) {
		return this.loops.onClient(useNative);
	}

	@Override
	public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup group) {
		C channel = this.loops.onChannel(type, group);
		if (channel instanceof EpollSocketChannel socket) {
			watch(socket.config());
		}
		return channel;
	}

	@Override
	public <C extends Channel> Class<? extends C> onChannelClass(Class<C> type, EventLoopGroup group) {
		return this.loops.onChannelClass(type, group);
	}

	private static void watch(EpollSocketChannelConfig socket) {
		socket.setKeepAlive(true)
			.setTcpKeepIdle(IDLE_BEFORE_ASKING)
			.setTcpKeepIntvl(IDLE_BEFORE_ASKING)
			.setTcpKeepCnt(2)
			.setTcpUserTimeout(UNACKNOWLEDGED_LIMIT);
	}

}

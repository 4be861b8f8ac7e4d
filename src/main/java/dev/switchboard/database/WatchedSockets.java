package dev.switchboard.database;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import reactor.netty.resources.LoopResources;

/**
 * Event loops whose sockets notice that their peer's machine has gone, or the way to it:
 * within seconds, not the quarter of an hour that TCP takes to give up what it has sent.
 * A server that is merely slow keeps its connections, since its kernel answers.
 */
final class WatchedSockets implements LoopResources {

	/** How long what was sent may go without an acknowledgement, in milliseconds. */
	private static final int UNACKNOWLEDGED_LIMIT = 10_000;

	/** When nothing was sent: how long before asking, and between asking, in seconds. */
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

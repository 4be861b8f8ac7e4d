package dev.switchboard.forwarding;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

import dev.switchboard.node.Membership;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.GlobalEventExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.resources.LoopResources;

import org.springframework.context.SmartLifecycle;

/**
 * The forwarding port, on the event loops that agents and callers are on. It is there
 * before the node is in the directory, and for as long.
 */
public final class ForwardingServer implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(ForwardingServer.class);

	/** A node whose machine is gone is noticed so, since an idle one is never pinged. */
	private static final int KEEPALIVE_SECONDS = 30;

	private final ForwardingSettings settings;

	private final boolean guarded;

	private final NodeSecret secret;

	private final Map<AsciiString, RequestHandler> handlers = new HashMap<>();

	private final int bodyLimit;

	private final LoopResources loops;

	private final ChannelGroup peers = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

	private volatile @Nullable Channel listening;

	/**
	 * @param guarded whether it may listen: others are kept from it
	 * @param bodyLimit the longest request
	 */
	ForwardingServer(ForwardingSettings settings, boolean guarded, Map<String, RequestHandler> handlers, int bodyLimit,
			LoopResources loops) {
		this.settings = settings;
		this.guarded = guarded;
		this.secret = new NodeSecret(settings.secret());
		handlers.forEach((kind, handler) -> this.handlers.put(Http2Dialect.path(kind), handler));
		this.bodyLimit = bodyLimit;
		this.loops = loops;
	}

	@Override
	public void start() {
		if (this.guarded) {
			listen();
		}
	}

	private void listen() {
		EventLoopGroup group = this.loops.onServer(true);
		Class<? extends ServerSocketChannel> type = this.loops.onChannelClass(ServerSocketChannel.class, group);
		ServerBootstrap bootstrap = new ServerBootstrap().group(this.loops.onServerSelect(true), group)
			.channel(type)
			.option(ChannelOption.SO_REUSEADDR, true)
			.childOption(ChannelOption.TCP_NODELAY, true)
			.childOption(ChannelOption.SO_KEEPALIVE, true)
			.childHandler(new Peer());
		if (EpollServerSocketChannel.class.isAssignableFrom(type)) {
			bootstrap.childOption(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_SECONDS)
				.childOption(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_SECONDS / 3)
				.childOption(EpollChannelOption.TCP_KEEPCNT, 3);
		}
		this.listening = bootstrap.bind(address()).syncUninterruptibly().channel();
		logger.info("Other nodes reach this one at port {}", port());
	}

	private InetSocketAddress address() {
		String address = this.settings.address();
		return (address != null) ? new InetSocketAddress(address, this.settings.port())
				: new InetSocketAddress(this.settings.port());
	}

	/** The port at which other nodes reach this one, whether or not it listens yet. */
	public int advertisedPort() {
		return isRunning() ? port() : this.settings.port();
	}

	/** The port that it listens on; 0 while it does not. */
	int port() {
		Channel bound = this.listening;
		return (bound != null) ? ((InetSocketAddress) bound.localAddress()).getPort() : 0;
	}

	/**
	 * Closes, so that what waits for other nodes is let go before the event loops are.
	 */
	@Override
	public void stop(Runnable stopped) {
		stop();
		this.peers.newCloseFuture().addListener((_) -> stopped.run());
	}

	@Override
	public void stop() {
		Channel bound = this.listening;
		this.listening = null;
		if (bound != null) {
			bound.close();
		}
		this.peers.close();
	}

	@Override
	public boolean isRunning() {
		return this.listening != null;
	}

	/** Starts before the node registers, and stops after it has left. */
	@Override
	public int getPhase() {
		return Membership.PHASE - 1;
	}

	private final class Peer extends ChannelInitializer<Channel> {

		@Override
		protected void initChannel(Channel channel) {
			ForwardingServer.this.peers.add(channel);
			new ServerStreams(ForwardingServer.this.handlers, ForwardingServer.this.secret,
					ForwardingServer.this.bodyLimit)
				.addTo(channel.pipeline());
		}

	}

}

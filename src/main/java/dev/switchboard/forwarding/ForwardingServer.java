package dev.switchboard.forwarding;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.listener.CallAdmission;
import dev.switchboard.listener.RefusedRequests;
import dev.switchboard.node.Membership;
import dev.switchboard.problem.PortRefusal;
import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.time.TimeSource;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;
import reactor.netty.resources.LoopResources;

import org.springframework.context.SmartLifecycle;

/**
 * The port where other nodes send their requests, on the event loops that all listeners
 * share. It is open while the node is in the directory. Thread-safe.
 */
public final class ForwardingServer implements SmartLifecycle {

	/**
	 * The version of the protocol between nodes. Each node's row in the directory has the
	 * version of that node. A change that nodes of the previous version would
	 * misunderstand must raise the version.
	 */
	public static final int WIRE = 1;

	/**
	 * The seconds of silence after which TCP probes whether the other machine is gone.
	 */
	private static final int KEEPALIVE_SECONDS = 30;

	/**
	 * How long requests are served that come after the other nodes were asked to send no
	 * more, and then how long the connections stay open. In the first time, requests
	 * arrive that were on their way. In the second, other nodes learn which ones came too
	 * late.
	 */
	static final Duration LINGER = Duration.ofMillis(300);

	private final ForwardingSettings settings;

	private final boolean mayListen;

	private final Doorkeeper door;

	private final Map<AsciiString, InboundHandler> handlers = new HashMap<>();

	private final int bodyLimit;

	private final LoopResources loops;

	private final RefusedRequests malformed;

	private final CallAdmission.Loops admissions;

	private final ChannelHandler accepting;

	private final TimeSource time;

	private final ChannelGroup peers;

	private final AtomicInteger unanswered = new AtomicInteger();

	private final Set<ServerStreams> streams = ConcurrentHashMap.newKeySet();

	private volatile @Nullable Channel listening;

	/**
	 * @param mayListen whether the server may open the port
	 * @param handlers the handlers by the kinds of their requests
	 * @param bodyLimit the limit on a request's body in bytes
	 * @param malformed counts the connections whose peer breaks HTTP/2
	 * @param admissions decide which calls and pushes are taken
	 * @param accepting stands before the acceptor of connections
	 */
	ForwardingServer(ForwardingSettings settings, boolean mayListen, Map<String, ? extends InboundHandler> handlers,
			int bodyLimit, LoopResources loops, RefusedRequests malformed, CallAdmission.Loops admissions,
			ChannelHandler accepting, TimeSource time) {
		this.settings = settings;
		this.mayListen = mayListen;
		this.door = new Doorkeeper(new NodeSecret(settings.secret()), time);
		this.handlers.put(Http2Dialect.path(PeerCheck.KIND), PeerCheck.handler(this.door));
		handlers.forEach((kind, handler) -> this.handlers.put(Http2Dialect.path(kind), handler));
		this.bodyLimit = bodyLimit;
		this.loops = loops;
		this.malformed = malformed;
		this.admissions = admissions;
		this.accepting = accepting;
		this.time = time;
		this.peers = new DefaultChannelGroup(loops.onServer(true).next(), true);
	}

	/**
	 * Opens the port, and waits until it is open.
	 * @throws SettingsRefusedException if the port cannot be opened
	 */
	@Override
	public void start() {
		if (this.mayListen) {
			ChannelFuture bound = listen().awaitUninterruptibly();
			if (!bound.isSuccess()) {
				this.listening = null;
				throw PortRefusal.of("switchboard.forwarding", this.settings.port(),
						new IllegalStateException("The forwarding port cannot be opened", bound.cause()));
			}
		}
	}

	/** Begins to listen, without blocking. */
	ChannelFuture listen() {
		EventLoopGroup group = this.loops.onServer(true);
		Class<? extends ServerSocketChannel> type = this.loops.onChannelClass(ServerSocketChannel.class, group);
		ServerBootstrap bootstrap = new ServerBootstrap().group(this.loops.onServerSelect(true), group)
			.channel(type)
			.handler(this.accepting)
			.option(ChannelOption.SO_REUSEADDR, true)
			.childOption(ChannelOption.TCP_NODELAY, true)
			.childOption(ChannelOption.SO_KEEPALIVE, true)
			.childHandler(new Peer());
		if (EpollServerSocketChannel.class.isAssignableFrom(type)) {
			bootstrap.childOption(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_SECONDS)
				.childOption(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_SECONDS / 3)
				.childOption(EpollChannelOption.TCP_KEEPCNT, 3);
		}
		ChannelFuture bound = bootstrap.bind(this.settings.bindAddress());
		this.listening = bound.channel();
		return bound;
	}

	Doorkeeper door() {
		return this.door;
	}

	/**
	 * Returns the port at which other nodes reach this node; before the port is open, the
	 * configured one.
	 */
	public int advertisedPort() {
		return isRunning() ? port() : this.settings.port();
	}

	/** Returns this node's ends of the connections. */
	Set<ServerStreams> streams() {
		return this.streams;
	}

	/** Returns the number of requests of other nodes that are not answered yet. */
	public int unanswered() {
		return this.unanswered.get();
	}

	/** Returns the open port; 0 while it is not open. */
	public int port() {
		Channel channel = this.listening;
		return (channel != null && channel.localAddress() instanceof InetSocketAddress bound) ? bound.getPort() : 0;
	}

	/**
	 * Closes the port, and asks the other nodes to send no more requests. Soon afterwards
	 * refuses the requests that still come, as not sent, and then closes all connections.
	 */
	@Override
	public void stop(Runnable stopped) {
		closePort();
		this.streams.forEach(ServerStreams::leave);
		lingering(() -> {
			this.streams.forEach(ServerStreams::takeNoMore);
			lingering(() -> {
				this.peers.close();
				this.peers.newCloseFuture().addListener((_) -> stopped.run());
			});
		});
	}

	private void lingering(Runnable next) {
		Duration linger = this.streams.isEmpty() ? Duration.ZERO : LINGER;
		this.loops.onServer(true).next().schedule(next, linger.toMillis(), TimeUnit.MILLISECONDS);
	}

	/** Closes the port and all connections, which ends the requests of other nodes. */
	@Override
	public void stop() {
		closePort();
		this.peers.close();
	}

	private void closePort() {
		Channel bound = this.listening;
		this.listening = null;
		if (bound != null) {
			bound.close();
		}
	}

	@Override
	public boolean isRunning() {
		return this.listening != null;
	}

	/** The port opens before the node registers, and closes after it is removed. */
	@Override
	public int getPhase() {
		return Membership.PHASE - 1;
	}

	private final class Peer extends ChannelInitializer<Channel> {

		@Override
		protected void initChannel(Channel channel) {
			ForwardingServer.this.peers.add(channel);
			ServerStreams streams = new ServerStreams(channel.pipeline(), ForwardingServer.this.handlers,
					ForwardingServer.this.door, ForwardingServer.this.bodyLimit, ForwardingServer.this.malformed,
					ForwardingServer.this.admissions.on(channel.eventLoop()), ForwardingServer.this.time,
					ForwardingServer.this.unanswered);
			ForwardingServer.this.streams.add(streams);
			channel.closeFuture().addListener((_) -> {
				ForwardingServer.this.streams.remove(streams);
				streams.forget();
			});
			channel.pipeline().addLast(Http2Dialect.CLOSE_ON_FAILURE);
			streams.suspect();
		}

	}

}

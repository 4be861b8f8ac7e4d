package dev.switchboard.forwarding;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.switchboard.loop.LoopTimeout;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.TimeSource;
import dev.switchboard.tls.TlsEnd;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.AddressResolverGroup;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.netty.resources.LoopResources;

import org.springframework.beans.factory.DisposableBean;

/**
 * Has the connections to other nodes: one for each node and event loop, made when it is
 * needed. A request uses the connection of the event loop that its caller is on.
 * Thread-safe.
 */
final class Peers implements DisposableBean {

	private final ForwardingSettings settings;

	private final NodeSecret secret;

	private final ForwardingMetrics metrics;

	private final TimeSource time;

	private final @Nullable TlsEnd tls;

	private final LoopResources loops;

	private final EventLoopGroup all;

	/**
	 * Chooses the caller's own event loop if the caller is on one, else any event loop.
	 */
	private final EventLoopGroup colocated;

	private final Bootstrap bootstrap;

	private final Map<Key, PeerConnection> connections = new ConcurrentHashMap<>();

	private record Key(NodeId node, EventLoop loop) {
	}

	/**
	 * @param resolver finds the addresses of nodes' hosts; the caller closes it
	 * @param tls secures the connections; null if nodes speak no TLS with each other
	 */
	Peers(ForwardingSettings settings, LoopResources loops, AddressResolverGroup<InetSocketAddress> resolver,
			ForwardingMetrics metrics, TimeSource time, @Nullable TlsEnd tls) {
		this.tls = tls;
		this.settings = settings;
		this.secret = new NodeSecret(settings.secret());
		this.metrics = metrics;
		this.time = time;
		this.loops = loops;
		this.all = loops.onClient(true);
		this.colocated = LoopResources.colocate(this.all);
		this.bootstrap = new Bootstrap().resolver(resolver)
			.handler(Http2Dialect.CLOSE_ON_FAILURE)
			.option(ChannelOption.TCP_NODELAY, true)
			.option(ChannelOption.SO_KEEPALIVE, true)
			// A failed write must not drop answers that have come: see Http2Handler.
			.option(ChannelOption.AUTO_CLOSE, false)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(settings.connectTimeout().toMillis()));
	}

	/**
	 * Sends a request to a node. Cancelling withdraws the request. The result comes on an
	 * event loop.
	 * @param node the node as the directory knows it
	 * @return the answer; empty if requests of this kind have none; an error of
	 * {@link dev.switchboard.routing.ForwardException} or
	 * {@link dev.switchboard.connection.ConnectionException} if the request fails
	 */
	<T> Mono<T> send(NodeRecord node, PeerRequest<T> request) {
		return send(node, request, this.colocated);
	}

	/**
	 * Returns the event loop that the caller is on; any event loop if it is on none.
	 */
	EventLoop loop() {
		return this.colocated.next();
	}

	/**
	 * Sends a request as {@link #send(NodeRecord, PeerRequest)} does, on the connection
	 * of an event loop.
	 */
	<T> Mono<T> send(NodeRecord node, PeerRequest<T> request, EventLoopGroup loop) {
		return Mono.fromDirect((waiter) -> {
			CoreSubscriber<? super T> subscriber = Operators.toCoreSubscriber(waiter);
			this.metrics.began();
			subscriber
				.onSubscribe(new PendingRequest<>(request, subscriber, connection(node, loop.next()), this.metrics));
		});
	}

	private PeerConnection connection(NodeRecord node, EventLoop loop) {
		Key key = new Key(node.id(), loop);
		PeerConnection present = this.connections.get(key);
		return (present != null && present.isUsable()) ? present : this.connections.compute(key,
				(_, other) -> (other != null && other.isUsable()) ? other : connect(key, node));
	}

	private PeerConnection connect(Key key, NodeRecord node) {
		Channel channel = this.loops.onChannel(SocketChannel.class, this.all);
		PeerConnection connection = new PeerConnection(channel, key.loop(), node.address(), this.secret, this.settings,
				this.metrics, this.time);
		if (this.tls != null) {
			this.tls.secure(channel);
		}
		channel.closeFuture().addListener((_) -> {
			connection.end();
			this.connections.remove(key, connection);
		});
		this.bootstrap.clone(key.loop())
			.channelFactory(() -> channel)
			.connect(InetSocketAddress.createUnresolved(node.host(), node.port()));
		connection.onLoop(
				() -> new LoopTimeout(key.loop(), this.settings.connectTimeout(), () -> giveUp(connection), this.time));
		return connection;
	}

	/**
	 * Closes a connection if the other node has not sent its first frame in time. The TCP
	 * connection may be open already: the other node's kernel accepts it even if the
	 * node's process stands still.
	 */
	private static void giveUp(PeerConnection connection) {
		if (connection.isConnecting()) {
			connection.close();
		}
	}

	@Override
	public void destroy() {
		this.connections.values().forEach((connection) -> connection.onLoop(connection::close));
	}

}

package dev.switchboard.forwarding;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import dev.switchboard.node.NodeRecord;
import dev.switchboard.protocol.NodeId;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.netty.resources.LoopResources;

import org.springframework.beans.factory.DisposableBean;

/**
 * Connections to other nodes, one for each node and event loop: a request goes out on the
 * event loop that it came in on. They are made when they are needed. Thread-safe.
 */
final class Peers implements DisposableBean {

	private final ForwardingSettings settings;

	private final NodeSecret secret;

	private final ForwardingMetrics metrics;

	/** Gives an event loop to whoever is on one, and any to others. */
	private final EventLoopGroup group;

	private final Bootstrap bootstrap;

	private final DnsAddressResolverGroup names;

	private final Map<Key, PeerConnection> connections = new ConcurrentHashMap<>();

	private record Key(NodeId node, EventLoop loop) {
	}

	Peers(ForwardingSettings settings, LoopResources loops, ForwardingMetrics metrics) {
		this.settings = settings;
		this.secret = new NodeSecret(settings.secret());
		this.metrics = metrics;
		EventLoopGroup all = loops.onClient(true);
		this.group = LoopResources.colocate(all);
		this.names = new DnsAddressResolverGroup(
				new DnsNameResolverBuilder().datagramChannelType(loops.onChannelClass(DatagramChannel.class, all)));
		this.bootstrap = new Bootstrap().channel(loops.onChannelClass(SocketChannel.class, all))
			.resolver(this.names)
			.option(ChannelOption.TCP_NODELAY, true)
			.option(ChannelOption.SO_KEEPALIVE, true)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(settings.connectTimeout().toMillis()));
	}

	/**
	 * Sends a request to a node.
	 * @param node as the directory knows it
	 * @return the answer, or nothing if there was none to give; an error of
	 * {@link dev.switchboard.routing.ForwardException} or
	 * {@link dev.switchboard.connection.ConnectionException}. Cancelling it withdraws the
	 * request. Completes on an event loop
	 */
	<T> Mono<T> send(NodeRecord node, PeerRequest<T> request) {
		return Mono.fromDirect((waiter) -> {
			CoreSubscriber<? super T> subscriber = Operators.toCoreSubscriber(waiter);
			this.metrics.began();
			subscriber.onSubscribe(new PendingRequest<>(request, subscriber, connection(node), this.metrics));
		});
	}

	private PeerConnection connection(NodeRecord node) {
		Key key = new Key(node.id(), this.group.next());
		PeerConnection present = this.connections.get(key);
		return (present != null && present.isUsable()) ? present : this.connections.compute(key,
				(_, other) -> (other != null && other.isUsable()) ? other : connect(key, node.host(), node.port()));
	}

	private PeerConnection connect(Key key, String host, int port) {
		PeerConnection connection = new PeerConnection(key.loop(), host + ":" + port, this.secret, this.settings,
				this.metrics);
		ChannelFuture connected = this.bootstrap.clone(key.loop()).handler(new ChannelInitializer<Channel>() {
			@Override
			protected void initChannel(Channel channel) {
				connection.addTo(channel.pipeline());
			}
		}).connect(InetSocketAddress.createUnresolved(host, port));
		connected.channel().closeFuture().addListener((_) -> {
			connection.end();
			this.connections.remove(key, connection);
		});
		key.loop().schedule(() -> giveUp(connection), this.settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
		return connection;
	}

	// Its kernel may have accepted the connection of a node that does not run.
	private static void giveUp(PeerConnection connection) {
		if (connection.isConnecting()) {
			connection.close();
		}
	}

	@Override
	public void destroy() {
		this.connections.values().forEach((connection) -> connection.onLoop(connection::close));
		this.names.close();
	}

}

package dev.switchboard.listener;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.time.Chance;
import dev.switchboard.tls.TlsHandshakes;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Limits the connections of one port. A connection beyond the limit is answered with 503
 * before anything of it is read, and closed. With TLS it is only closed, because an
 * answer would cost a TLS handshake. A connection counts until its handler is removed
 * from its pipeline, or until it is closed. Thread-safe.
 */
public final class ConnectionCap {

	static final String NAME = "switchboard.cap";

	private static final Duration RETRY_WITHIN = Duration.ofSeconds(10);

	/** How long a refused client has to read the refusal. */
	private static final long LINGER_MILLIS = 500;

	/** With more refused connections than these, further ones get no answer. */
	private static final int MAX_LINGERING = 1000;

	private final PortConnections connections;

	private final InstantRefusal refusal;

	private final AtomicInteger lingering = new AtomicInteger();

	/**
	 * @param connections counts the connections
	 */
	public ConnectionCap(PortConnections connections, Chance chance) {
		this.connections = connections;
		this.refusal = new InstantRefusal("This port has too many connections", RETRY_WITHIN, chance);
	}

	/**
	 * Counts a new connection of a server of HTTP, or refuses it.
	 * @param from the address that it comes from; null if it is not known, or must not
	 * count
	 * @return whether it is taken
	 */
	public boolean guard(Channel channel, @Nullable SocketAddress from) {
		if (channel.pipeline().get(NettyPipeline.HttpCodec) == null) {
			return true;
		}
		Source source = PortConnections.source(from);
		boolean taken = this.connections.enter(source);
		if (!taken && TlsHandshakes.isOn(channel)) {
			channel.close();
			return false;
		}
		channel.pipeline()
			.addBefore(NettyPipeline.HttpCodec, NAME, taken ? new Counted(this.connections, source) : new Refused());
		return taken;
	}

	/**
	 * Returns a handler for a listening channel whose server does not speak HTTP/1.1. It
	 * counts each connection, and closes those beyond the limit without an answer.
	 */
	ChannelHandler silent() {
		return new Silent();
	}

	/** Stands before the acceptor of a listening channel. */
	@Sharable
	private final class Silent extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext context, Object accepted) {
			Channel channel = (Channel) accepted;
			Source source = PortConnections.source(channel.remoteAddress());
			if (ConnectionCap.this.connections.enter(source)) {
				channel.pipeline().addFirst(NAME, new Counted(ConnectionCap.this.connections, source));
				context.fireChannelRead(accepted);
			}
			else {
				channel.unsafe().closeForcibly();
			}
		}

	}

	/** Counts one connection while it is in the pipeline of the connection. */
	private static final class Counted extends ChannelInboundHandlerAdapter {

		private final PortConnections connections;

		private final @Nullable Source source;

		Counted(PortConnections connections, @Nullable Source source) {
			this.connections = connections;
			this.source = source;
		}

		@Override
		public void handlerRemoved(ChannelHandlerContext context) {
			this.connections.leave(this.source);
		}

	}

	/** Answers one connection with the refusal, and drops what it sends. */
	private final class Refused extends ChannelInboundHandlerAdapter {

		@Override
		public void channelActive(ChannelHandlerContext context) {
			if (ConnectionCap.this.lingering.incrementAndGet() > MAX_LINGERING) {
				context.close();
				return;
			}
			context.writeAndFlush(ConnectionCap.this.refusal.bytes()).addListener((_) -> endOutput(context.channel()));
			context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
			context.read();
		}

		private static void endOutput(Channel channel) {
			if (channel instanceof DuplexChannel duplex) {
				duplex.shutdownOutput();
			}
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			ConnectionCap.this.lingering.decrementAndGet();
			context.fireChannelInactive();
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			ReferenceCountUtil.release(message);
			context.close();
		}

	}

}

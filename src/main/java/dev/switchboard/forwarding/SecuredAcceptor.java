package dev.switchboard.forwarding;

import dev.switchboard.tls.TlsEnd;
import dev.switchboard.tls.TlsHandshakes;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import reactor.netty.NettyPipeline;

/**
 * Stands before the acceptor of the forwarding port, behind the guards of the port, and
 * puts TLS in front of each connection that they take. Thread-safe.
 */
final class SecuredAcceptor extends ChannelInitializer<Channel> {

	private final ChannelHandler guards;

	private final ChannelHandler securing;

	SecuredAcceptor(ChannelHandler guards, TlsEnd tls, TlsHandshakes handshakes) {
		this.guards = guards;
		this.securing = new Securing(tls, handshakes);
	}

	@Override
	protected void initChannel(Channel listening) {
		listening.pipeline().addLast(this.guards, this.securing);
	}

	@Sharable
	private static final class Securing extends ChannelInboundHandlerAdapter {

		private final TlsEnd tls;

		private final TlsHandshakes handshakes;

		Securing(TlsEnd tls, TlsHandshakes handshakes) {
			this.tls = tls;
			this.handshakes = handshakes;
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object accepted) {
			Channel channel = (Channel) accepted;
			this.tls.secure(channel);
			this.handshakes.watch(channel, NettyPipeline.SslHandler);
			context.fireChannelRead(accepted);
		}

	}

}

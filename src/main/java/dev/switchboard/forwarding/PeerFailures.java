package dev.switchboard.forwarding;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what goes wrong with a socket: a node that went, which its close tells. */
@Sharable
final class PeerFailures extends ChannelInboundHandlerAdapter {

	static final PeerFailures INSTANCE = new PeerFailures();

	private static final Logger logger = LoggerFactory.getLogger(PeerFailures.class);

	private PeerFailures() {
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		logger.debug("{} failed", ctx.channel(), cause);
		ctx.close();
	}

}

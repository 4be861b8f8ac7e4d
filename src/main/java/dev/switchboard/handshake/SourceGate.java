package dev.switchboard.handshake;

import java.nio.charset.StandardCharsets;

import dev.switchboard.listener.InstantRefusal;
import dev.switchboard.time.Chance;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Refuses the connection of a source that has had too many failures, when its first bytes
 * arrive. It stands before the HTTP decoder, so a refusal costs hardly more than the
 * connection. Health checks pass: a load balancer may have the same address as the
 * clients behind it. Thread-safe.
 */
@Sharable
final class SourceGate extends ChannelInboundHandlerAdapter {

	static final String DETAIL = "Too many handshakes from this network have failed";

	private static final byte[][] HEALTH_CHECKS = { ascii("GET /healthz"), ascii("HEAD /healthz") };

	private final InstantRefusal refusal;

	private final Runnable refused;

	/**
	 * @param refused is called for each refusal
	 */
	SourceGate(Chance chance, Runnable refused) {
		this.refusal = new InstantRefusal(DETAIL, HandshakeAdmission.RETRY_WITHIN, chance);
		this.refused = refused;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (message instanceof ByteBuf bytes && !isHealthCheck(bytes)) {
			bytes.release();
			refuse(context);
			return;
		}
		context.pipeline().remove(this);
		context.fireChannelRead(message);
	}

	private void refuse(ChannelHandlerContext context) {
		this.refused.run();
		context.pipeline().replace(this, null, new Ending());
		context.writeAndFlush(this.refusal.bytes()).addListener(ChannelFutureListener.CLOSE);
	}

	/** Whether the bytes are a health check, or may still become one. */
	private static boolean isHealthCheck(ByteBuf bytes) {
		for (byte[] check : HEALTH_CHECKS) {
			int length = Math.min(check.length, bytes.readableBytes());
			if (ByteBufUtil.equals(bytes, bytes.readerIndex(), Unpooled.wrappedBuffer(check), 0, length)) {
				return true;
			}
		}
		return false;
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	/** Drops what comes after the refusal. */
	private static final class Ending extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			ReferenceCountUtil.release(message);
		}

	}

}

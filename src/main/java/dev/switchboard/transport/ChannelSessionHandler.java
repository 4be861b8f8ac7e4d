package dev.switchboard.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;

/** Between a channel and its session. */
final class ChannelSessionHandler extends ChannelDuplexHandler {

	private final ChannelSession session;

	ChannelSessionHandler(ChannelSession session) {
		this.session = session;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		try {
			// The HTTP decoder may still pass on the end of the request.
			if (message instanceof ByteBuf bytes) {
				this.session.arrived(bytes);
			}
		}
		finally {
			ReferenceCountUtil.release(message);
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		// Nobody else is interested.
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext context, Object event) {
		if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
			this.session.inputEnded();
		}
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext context) {
		if (context.channel().isWritable()) {
			this.session.writable();
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		this.session.ended(null);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		this.session.ended(cause);
		this.session.closeSocket();
	}

	/**
	 * What is not the session's bytes is the response of the HTTP exchange, long
	 * answered.
	 */
	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (message instanceof ByteBuf) {
			var _ = context.write(message, promise);
		}
		else {
			ReferenceCountUtil.release(message);
			promise.trySuccess();
		}
	}

}

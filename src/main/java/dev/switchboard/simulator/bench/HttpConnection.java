package dev.switchboard.simulator.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;

/** A caller's keep-alive connection: gathers responses, one at a time. */
final class HttpConnection extends ChannelInboundHandlerAdapter {

	private final Caller caller;

	private ByteBuf unread = Unpooled.EMPTY_BUFFER;

	HttpConnection(Caller caller) {
		this.caller = caller;
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.caller.connected(ctx.channel());
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object in) {
		this.unread = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), this.unread, (ByteBuf) in);
		HttpResponse response = HttpResponse.read(this.unread);
		if (response != null) {
			release();
			this.caller.received(ctx.channel(), response);
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		release();
		this.caller.lost(ctx.channel(), "connection lost");
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		var _ = ctx.close();
	}

	private void release() {
		this.unread.release();
		this.unread = Unpooled.EMPTY_BUFFER;
	}

}

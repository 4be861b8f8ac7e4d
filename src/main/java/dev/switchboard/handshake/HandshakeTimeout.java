package dev.switchboard.handshake;

import java.time.Duration;
import java.util.function.Consumer;

import dev.switchboard.loop.LoopTimeout;
import dev.switchboard.time.TimeSource;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Ends a channel whose handshake is not complete in time, even if bytes keep arriving.
 * The upgrade removes this handler from the pipeline.
 */
final class HandshakeTimeout extends ChannelInboundHandlerAdapter {

	private final Duration timeout;

	private final Consumer<Channel> over;

	private final TimeSource time;

	private @Nullable LoopTimeout timer;

	/**
	 * @param over is given the channel when the time is over, before the channel closes
	 */
	HandshakeTimeout(Duration timeout, Consumer<Channel> over, TimeSource time) {
		this.timeout = timeout;
		this.over = over;
		this.time = time;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		this.timer = new LoopTimeout(context.executor(), this.timeout, () -> end(context), this.time);
	}

	private void end(ChannelHandlerContext context) {
		this.over.accept(context.channel());
		context.close();
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext context) {
		cancel();
	}

	@Override
	public void channelUnregistered(ChannelHandlerContext context) {
		cancel();
		context.fireChannelUnregistered();
	}

	private void cancel() {
		if (this.timer != null) {
			this.timer.cancel();
		}
	}

}

package dev.switchboard.handshake;

import java.time.Duration;

import dev.switchboard.loop.LoopTimeout;
import dev.switchboard.time.TimeSource;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Closes a channel whose handshake is not complete in time, even if bytes keep arriving.
 * The upgrade removes this handler from the pipeline.
 */
final class HandshakeTimeout extends ChannelInboundHandlerAdapter {

	private final Duration timeout;

	private final TimeSource time;

	private @Nullable LoopTimeout timer;

	HandshakeTimeout(Duration timeout, TimeSource time) {
		this.timeout = timeout;
		this.time = time;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		this.timer = new LoopTimeout(context.executor(), this.timeout, context::close, this.time);
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

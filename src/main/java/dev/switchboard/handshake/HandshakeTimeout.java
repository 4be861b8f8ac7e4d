package dev.switchboard.handshake;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Closes a channel whose handshake is not complete in time, even if bytes keep arriving.
 * The upgrade removes this handler from the pipeline.
 */
final class HandshakeTimeout extends ChannelInboundHandlerAdapter {

	private final Duration timeout;

	private @Nullable Future<?> timer;

	HandshakeTimeout(Duration timeout) {
		this.timeout = timeout;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		this.timer = context.executor().schedule(() -> context.close(), this.timeout.toMillis(), TimeUnit.MILLISECONDS);
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
			this.timer.cancel(false);
		}
	}

}

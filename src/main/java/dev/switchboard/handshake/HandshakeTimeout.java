package dev.switchboard.handshake;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Closes a socket that has not finished its handshake in time, however slowly it goes on
 * sending. The upgrade takes it out of the pipeline.
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
		stop();
	}

	@Override
	public void channelUnregistered(ChannelHandlerContext context) {
		stop();
		context.fireChannelUnregistered();
	}

	private void stop() {
		if (this.timer != null) {
			this.timer.cancel(false);
		}
	}

}

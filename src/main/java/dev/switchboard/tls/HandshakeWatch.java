package dev.switchboard.tls;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import javax.net.ssl.SSLException;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Watches the TLS handshake of one connection: one part of it stands before TLS and
 * counts bytes, the other one stands after TLS and learns how the handshake ends. It also
 * closes a connection on which TLS fails later, before that becomes a line in the log.
 * Used on the channel's event loop.
 */
final class HandshakeWatch extends ChannelInboundHandlerAdapter {

	/** The JDK's own limit is 32 kB for each of the few messages of a handshake. */
	static final int MAX_BYTES = 128 * 1024;

	private final long limitMillis;

	private final Consumer<TlsHandshakes.Outcome> ended;

	private final Front front = new Front();

	private @Nullable Future<?> timer;

	private boolean over;

	/**
	 * @param ended takes the outcome, once
	 */
	HandshakeWatch(long limitMillis, Consumer<TlsHandshakes.Outcome> ended) {
		this.limitMillis = limitMillis;
		this.ended = ended;
	}

	/** Returns the part that stands before TLS. */
	ChannelHandler front() {
		return this.front;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		this.timer = context.executor()
			.schedule(() -> refuse(context, TlsHandshakes.Outcome.TIMEOUT), this.limitMillis, TimeUnit.MILLISECONDS);
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext context) {
		end(TlsHandshakes.Outcome.GONE);
	}

	private void refuse(ChannelHandlerContext context, TlsHandshakes.Outcome outcome) {
		end(outcome);
		context.channel().close();
	}

	private void end(TlsHandshakes.Outcome outcome) {
		if (!this.over) {
			this.over = true;
			if (this.timer != null) {
				this.timer.cancel(false);
			}
			this.ended.accept(outcome);
		}
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext context, Object event) {
		if (event instanceof SslHandshakeCompletionEvent handshake) {
			end(outcome(handshake));
			this.front.remove();
		}
		context.fireUserEventTriggered(event);
	}

	private static TlsHandshakes.Outcome outcome(SslHandshakeCompletionEvent handshake) {
		return switch (handshake.cause()) {
			case null -> TlsHandshakes.Outcome.COMPLETED;
			case SslHandshakeTimeoutException _ -> TlsHandshakes.Outcome.TIMEOUT;
			case ClosedChannelException _ -> TlsHandshakes.Outcome.GONE;
			default -> TlsHandshakes.Outcome.FAILED;
		};
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		end(TlsHandshakes.Outcome.GONE);
		context.fireChannelInactive();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		if (!this.over || cause instanceof SSLException || cause.getCause() instanceof SSLException) {
			context.close();
		}
		else {
			context.fireExceptionCaught(cause);
		}
	}

	/** Counts the bytes of the handshake, and then leaves. */
	private final class Front extends ChannelInboundHandlerAdapter {

		private long bytes;

		private @Nullable ChannelHandlerContext context;

		@Override
		public void handlerAdded(ChannelHandlerContext context) {
			this.context = context;
		}

		void remove() {
			if (this.context != null && !this.context.isRemoved()) {
				this.context.pipeline().remove(this);
			}
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			this.bytes += (message instanceof ByteBuf part) ? part.readableBytes() : 0;
			if (this.bytes <= MAX_BYTES) {
				context.fireChannelRead(message);
				return;
			}
			ReferenceCountUtil.release(message);
			refuse(context, TlsHandshakes.Outcome.TOO_LONG);
		}

	}

}

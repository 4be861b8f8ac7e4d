package dev.switchboard.listener;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

import org.springframework.http.MediaType;

/**
 * Watches a peer that has closed its sending side while it waits for an answer. The peer
 * may still read, or it may be gone. TCP shows only one difference: a peer that is gone
 * answers our bytes with a reset. So the watch sends bytes without a meaning now and
 * then: an interim response (RFC 9110 section 15.2.1), or a comment if a stream has
 * begun. Used on the channel's event loop.
 */
final class HangUpWatch implements Runnable {

	private static final long PERIOD_MILLIS = 100;

	/**
	 * The number of periods before the first probe. Each further probe comes
	 * {@link #PERIODS_BETWEEN_PROBES} periods after the previous one.
	 */
	private static final int FIRST_PROBE = 3;

	private static final int PERIODS_BETWEEN_PROBES = 10;

	/** The kernel's number for the state of a socket after a reset. */
	private static final int TCP_CLOSE = 7;

	private final ChannelHandlerContext context;

	private final HttpGate gate;

	private int periods;

	HangUpWatch(ChannelHandlerContext context, HttpGate gate) {
		this.context = context;
		this.gate = gate;
	}

	void start() {
		this.context.executor().schedule(this, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
	}

	@Override
	public void run() {
		if (!this.context.channel().isActive() || this.context.isRemoved() || !this.gate.isAnswering()) {
			return;
		}
		if (isReset()) {
			this.context.close();
			return;
		}
		if (++this.periods % PERIODS_BETWEEN_PROBES == FIRST_PROBE) {
			probe();
		}
		start();
	}

	/**
	 * Whether the peer has reset the connection. Asks the kernel, because Netty does not
	 * report a reset after the input has ended.
	 */
	private boolean isReset() {
		EpollTcpInfo info = ((EpollSocketChannel) this.context.channel()).tcpInfo();
		return info.state() == TCP_CLOSE;
	}

	private void probe() {
		HttpResponse begun = this.gate.begun();
		if (begun == null) {
			// Bypasses the HTTP encoder, which would take this response for the answer.
			this.context.pipeline()
				.context(NettyPipeline.HttpCodec)
				.writeAndFlush(Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", StandardCharsets.US_ASCII));
			return;
		}
		String comment = comment(begun.headers().get(HttpHeaderNames.CONTENT_TYPE));
		if (comment != null) {
			this.context
				.writeAndFlush(new DefaultHttpContent(Unpooled.copiedBuffer(comment, StandardCharsets.US_ASCII)));
		}
	}

	/**
	 * Returns a text that has no meaning between two parts of a stream of this type; null
	 * if the type is not a stream's.
	 */
	private static @Nullable String comment(@Nullable String type) {
		if (type == null) {
			return null;
		}
		if (type.startsWith(MediaType.TEXT_EVENT_STREAM_VALUE)) {
			return ":\n\n";
		}
		return type.startsWith(MediaType.APPLICATION_NDJSON_VALUE) ? "\n" : null;
	}

}

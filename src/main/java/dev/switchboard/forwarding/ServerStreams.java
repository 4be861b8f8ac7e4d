package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import dev.switchboard.loop.OnLoop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The requests on one connection that another node has made. Belongs to the connection's
 * event loop, but for {@link #onLoop}.
 */
final class ServerStreams extends Http2FrameAdapter {

	private static final Duration LONGEST_WAIT = Duration.ofHours(2);

	private final Map<AsciiString, RequestHandler> handlers;

	private final NodeSecret secret;

	private final int bodyLimit;

	private final Http2ConnectionHandler handler;

	private final Http2Connection.PropertyKey requests;

	private @Nullable ChannelHandlerContext context;

	private @Nullable TurnFlush flush;

	/**
	 * @param handlers what can be asked for, by its path
	 * @param bodyLimit the longest request
	 */
	ServerStreams(Map<AsciiString, RequestHandler> handlers, NodeSecret secret, int bodyLimit) {
		this.handlers = handlers;
		this.secret = secret;
		this.bodyLimit = bodyLimit;
		this.handler = Http2Dialect.handler(true, this, new Closes());
		this.requests = this.handler.connection().newKey();
	}

	void addTo(ChannelPipeline pipeline) {
		pipeline.addLast(this.handler, PeerFailures.INSTANCE);
		ChannelHandlerContext added = Objects.requireNonNull(pipeline.context(this.handler));
		this.context = added;
		this.flush = new TurnFlush(this.handler, added);
	}

	@Override
	public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
		Http2Dialect.widen(this.handler);
	}

	@Override
	public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int dependency,
			short weight, boolean exclusive, int padding, boolean endOfStream) {
		onHeadersRead(ctx, streamId, headers, padding, endOfStream);
	}

	@Override
	public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding,
			boolean endOfStream) {
		Reply reply = new Reply(this, streamId);
		CharSequence path = headers.path();
		RequestHandler requested = (path != null) ? this.handlers.get(AsciiString.of(path)) : null;
		if (!this.secret.authenticates(headers)) {
			reply.refuse(Http2Dialect.UNAUTHORIZED);
		}
		else if (requested == null || endOfStream) {
			reply.refuse(Http2Dialect.BAD_REQUEST);
		}
		else {
			CharSequence agent = headers.get(Http2Dialect.AGENT);
			stream(streamId).setProperty(this.requests, new InboundRequest(requested,
					(agent != null) ? agent.toString() : null, timeToLive(headers), reply, this.bodyLimit));
		}
	}

	/**
	 * A node of an older version does not send it; it withdraws what it waits for no
	 * more.
	 */
	private static Duration timeToLive(Http2Headers headers) {
		return Duration.ofMillis(headers.getLong(Http2Dialect.TIME_LEFT, LONGEST_WAIT.toMillis()));
	}

	@Override
	public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
		int processed = data.readableBytes() + padding;
		InboundRequest request = stream(streamId).getProperty(this.requests);
		if (request != null) {
			request.read(data, endOfStream);
		}
		return processed;
	}

	private Http2Stream stream(int streamId) {
		return this.handler.connection().stream(streamId);
	}

	void headers(int stream, Http2Headers headers, boolean last) {
		ChannelHandlerContext ctx = Objects.requireNonNull(this.context);
		this.handler.encoder().writeHeaders(ctx, stream, headers, 0, last, ctx.newPromise());
		Objects.requireNonNull(this.flush).schedule();
	}

	ChannelFuture data(int stream, byte[] message, boolean last) {
		ChannelHandlerContext ctx = Objects.requireNonNull(this.context);
		ChannelFuture written = this.handler.encoder()
			.writeData(ctx, stream, Http2Dialect.message(ctx, message), 0, last, ctx.newPromise());
		Objects.requireNonNull(this.flush).schedule();
		return written;
	}

	void onLoop(Runnable task) {
		OnLoop.run(Objects.requireNonNull(this.context).executor(), task);
	}

	private final class Closes extends Http2ConnectionAdapter {

		@Override
		public void onStreamClosed(Http2Stream stream) {
			InboundRequest request = stream.removeProperty(ServerStreams.this.requests);
			if (request != null) {
				request.close();
			}
		}

	}

}

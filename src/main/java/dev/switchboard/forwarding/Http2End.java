package dev.switchboard.forwarding;

import java.util.Objects;

import dev.switchboard.loop.OnLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * One end of an HTTP/2 connection between nodes. Each stream carries one request and its
 * answer. Received data counts as processed at once, so that no stream delays another.
 * The end belongs to the connection's event loop; only {@link #onLoop} may be called from
 * other threads.
 *
 * @param <R> the type of the requests
 */
abstract class Http2End<R> extends Http2FrameAdapter {

	private final Http2ConnectionHandler handler;

	private final Http2Connection.PropertyKey requests;

	private final ChannelHandlerContext context;

	private boolean flushDue;

	/**
	 * Makes an end, and adds it to a channel's pipeline.
	 * @param server whether this end answers the requests
	 */
	Http2End(boolean server, ChannelPipeline pipeline) {
		this.handler = Http2Handler.of(server, this, new StreamCloses());
		this.requests = this.handler.connection().newKey();
		pipeline.addLast(this.handler);
		this.context = Objects.requireNonNull(pipeline.context(this.handler));
	}

	/**
	 * Handles the headers of a request, or those at the beginning or the end of an
	 * answer.
	 * @param last whether these headers end the stream's request or answer
	 */
	abstract void headersRead(int stream, Http2Headers headers, boolean last);

	/** Handles a part of the body of a request or answer. */
	abstract void dataRead(R request, ByteBuf data, boolean last);

	/** Called when the stream of a request has closed. */
	abstract void closed(R request);

	/** Called when this end closes the connection because the peer broke HTTP/2. */
	void broken() {
	}

	/**
	 * Raises the limit on the bytes that are in flight on all streams together. HTTP/2's
	 * default is 64 kB.
	 */
	final void widenWindow() throws Http2Exception {
		Http2Dialect.widenWindow(this.handler);
	}

	/**
	 * Sets how many streams of the peer this end serves at a time. Further streams are
	 * reset as refused.
	 */
	final void limitPeer(int streams) {
		this.handler.connection().remote().maxActiveStreams(streams);
	}

	/** Returns the number for the next stream that this end opens. */
	final int nextStream() {
		return this.handler.connection().local().incrementAndGetNextStreamId();
	}

	/** Whether the connection has a stream with this number. */
	final boolean isOpen(int stream) {
		return this.handler.connection().stream(stream) != null;
	}

	final void attach(int stream, R request) {
		this.handler.connection().stream(stream).setProperty(this.requests, request);
	}

	final @Nullable R request(int stream) {
		Http2Stream open = this.handler.connection().stream(stream);
		return (open != null) ? open.getProperty(this.requests) : null;
	}

	final ChannelFuture writeHeaders(int stream, Http2Headers headers, boolean last) {
		scheduleFlush();
		return this.handler.encoder().writeHeaders(this.context, stream, headers, 0, last, this.context.newPromise());
	}

	final ChannelFuture writeData(int stream, ByteBuf data, boolean last) {
		scheduleFlush();
		return this.handler.encoder().writeData(this.context, stream, data, 0, last, this.context.newPromise());
	}

	final void writeReset(int stream, long errorCode) {
		scheduleFlush();
		this.handler.encoder().writeRstStream(this.context, stream, errorCode, this.context.newPromise());
	}

	final void writePing(long content) {
		scheduleFlush();
		this.handler.encoder().writePing(this.context, false, content, this.context.newPromise());
	}

	/**
	 * Returns a message in the form in which answers carry it: its length in four bytes,
	 * and then the message.
	 */
	final ByteBuf message(byte[] message) {
		return this.context.alloc()
			.ioBuffer(Integer.BYTES + message.length)
			.writeInt(message.length)
			.writeBytes(message);
	}

	/**
	 * Arranges a flush at the end of the event loop's turn, so that the frames of one
	 * turn share packets.
	 */
	private void scheduleFlush() {
		if (!this.flushDue) {
			this.flushDue = true;
			this.context.executor().execute(this::flush);
		}
	}

	private void flush() {
		this.flushDue = false;
		this.handler.flush(this.context);
	}

	/**
	 * Asks the peer to open no more streams (RFC 9113 section 6.8). The streams that it
	 * has opened, or is opening, are served.
	 */
	final void writeGoAway() {
		writeGoAway(Integer.MAX_VALUE);
	}

	/**
	 * Serves no more streams than have come, and sends the last one's number to the peer.
	 * So the peer knows which of its requests were not served.
	 */
	final void writeLastGoAway() {
		writeGoAway(this.handler.connection().remote().lastStreamCreated());
	}

	private void writeGoAway(int lastStream) {
		scheduleFlush();
		this.handler.goAway(this.context, lastStream, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER,
				this.context.newPromise());
	}

	/** Closes the connection without a GOAWAY. */
	final void closeSilently() {
		this.context.close();
	}

	final EventExecutor loop() {
		return this.context.executor();
	}

	final void onLoop(Runnable task) {
		OnLoop.run(this.context.executor(), task);
	}

	@Override
	public final void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int dependency,
			short weight, boolean exclusive, int padding, boolean endOfStream) {
		headersRead(streamId, headers, endOfStream);
	}

	@Override
	public final void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding,
			boolean endOfStream) {
		headersRead(streamId, headers, endOfStream);
	}

	@Override
	public final int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding,
			boolean endOfStream) {
		int processed = data.readableBytes() + padding;
		R request = request(streamId);
		if (request != null) {
			dataRead(request, data, endOfStream);
		}
		return processed;
	}

	private final class StreamCloses extends Http2ConnectionAdapter {

		@Override
		public void onStreamClosed(Http2Stream stream) {
			R request = stream.removeProperty(Http2End.this.requests);
			if (request != null) {
				closed(request);
			}
		}

		@Override
		public void onGoAwaySent(int lastStreamId, long errorCode, ByteBuf debugData) {
			if (errorCode != Http2Error.NO_ERROR.code()) {
				broken();
			}
		}

	}

}

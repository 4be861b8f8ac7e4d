package dev.switchboard.forwarding;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * The client side of a connection between two nodes: it sends requests and receives
 * answers. Belongs to the connection's event loop.
 */
final class PeerStreams extends Http2End<PendingRequest<?>> {

	/** The number of unwritten bytes above which further requests are refused. */
	private static final long MAX_UNWRITTEN = 64L * 1024 * 1024;

	private final PeerConnection connection;

	private long unwritten;

	PeerStreams(ChannelPipeline pipeline, PeerConnection connection) {
		super(false, pipeline);
		this.connection = connection;
	}

	/**
	 * Whether too many bytes wait because the other node, or the network to it, is slow.
	 */
	boolean isCongested() {
		return this.unwritten > MAX_UNWRITTEN;
	}

	/**
	 * Sends a request on a new stream.
	 * @return false if no stream can be opened: the connection has as many streams as the
	 * other node allows, or its stream numbers are used up
	 */
	boolean send(PendingRequest<?> request, Http2Headers headers, byte[] body) {
		int stream = nextStream();
		ChannelFuture head = writeHeaders(stream, headers, false);
		if (!isOpen(stream) || (head.isDone() && !head.isSuccess())) {
			return false;
		}
		attach(stream, request);
		request.sentOn(stream);
		if (request.content().body().isOpen()) {
			request.content().body().opened(new BodyStream(this, request));
		}
		else {
			write(stream, Unpooled.wrappedBuffer(body), true, request::written);
		}
		return true;
	}

	/** Writes a message of an open body. */
	void writeMessage(PendingRequest<?> request, byte[] message, Runnable written) {
		write(request.stream(), message(message), false, () -> {
			request.written();
			written.run();
		});
	}

	/** Ends an open body. */
	void endBody(PendingRequest<?> request) {
		request.bodyEnded();
		write(request.stream(), Unpooled.EMPTY_BUFFER, true, () -> {
		});
	}

	private void write(int stream, ByteBuf data, boolean last, Runnable written) {
		int bytes = data.readableBytes();
		this.unwritten += bytes;
		writeData(stream, data, last).addListener((write) -> {
			this.unwritten -= bytes;
			if (write.isSuccess()) {
				written.run();
			}
		});
	}

	/** Resets the stream of a request whose waiter has gone. */
	void cancel(PendingRequest<?> request) {
		writeReset(request.stream(), Http2Error.CANCEL.code());
	}

	/**
	 * Opens the connection for requests. The other node's SETTINGS frame proves that its
	 * process runs. The TCP connection proves only that its kernel runs.
	 */
	@Override
	public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
		if (this.connection.isConnecting()) {
			widenWindow();
			this.connection.opened();
		}
	}

	@Override
	void headersRead(int stream, Http2Headers headers, boolean last) {
		PendingRequest<?> request = request(stream);
		if (request != null) {
			request.headers(headers, last);
			this.connection.settle(request, last);
		}
	}

	@Override
	void dataRead(PendingRequest<?> request, ByteBuf data, boolean last) {
		request.data(data, last);
		this.connection.settle(request, last);
	}

	@Override
	public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
		PendingRequest<?> request = request(streamId);
		if (request != null && errorCode == Http2Error.REFUSED_STREAM.code()) {
			request.refused();
		}
	}

	@Override
	public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
		this.connection.leave(lastStreamId);
	}

	@Override
	void closed(PendingRequest<?> request) {
		this.connection.lost(request);
	}

}

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
 * The requesting end of a connection: writes requests and passes on what the other node
 * sends. Belongs to the connection's event loop.
 */
final class PeerStreams extends Http2End<PendingRequest<?>> {

	/** Bytes that may wait unwritten before further requests are refused. */
	private static final long MAX_UNWRITTEN = 64L * 1024 * 1024;

	private final PeerConnection connection;

	private long unwritten;

	PeerStreams(ChannelPipeline pipeline, PeerConnection connection) {
		super(false, pipeline);
		this.connection = connection;
	}

	/** Whether the node, or the network to it, takes bytes too slowly. */
	boolean isCongested() {
		return this.unwritten > MAX_UNWRITTEN;
	}

	/**
	 * Sends a request.
	 * @return whether it was sent; if not, the connection has the most streams that it
	 * may have, or may open no more
	 */
	boolean send(PendingRequest<?> request, Http2Headers headers, byte[] body) {
		int stream = nextStream();
		ChannelFuture head = writeHeaders(stream, headers, false);
		if (!isOpen(stream) || (head.isDone() && !head.isSuccess())) {
			return false;
		}
		attach(stream, request);
		request.sentOn(stream);
		this.unwritten += body.length;
		writeData(stream, Unpooled.wrappedBuffer(body), true).addListener((written) -> {
			this.unwritten -= body.length;
			if (written.isSuccess()) {
				request.written();
			}
		});
		return true;
	}

	/** Resets the stream of a request that has no waiter any more. */
	void cancel(PendingRequest<?> request) {
		writeReset(request.stream(), Http2Error.CANCEL.code());
	}

	/**
	 * SETTINGS prove that the peer process is alive. That TCP accepts the connection only
	 * proves that its kernel is.
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

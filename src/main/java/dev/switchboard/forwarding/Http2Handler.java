package dev.switchboard.forwarding;

import java.io.IOException;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles HTTP/2 at one end of a connection between nodes. If the socket cannot be
 * written to, this handler does not close the connection: frames that came before may
 * wait in the socket, and from them the requester learns which requests were answered,
 * and which ones were not served. The connection ends when these frames are read.
 */
final class Http2Handler extends Http2ConnectionHandler {

	private static final Logger logger = LoggerFactory.getLogger(Http2Handler.class);

	private static final int STREAM_WINDOW = 1024 * 1024;

	/** How many streams another node may have on a connection. */
	static final int MAX_STREAMS = 100_000;

	private Http2Handler(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
		super(decoder, encoder, settings);
	}

	/**
	 * Makes the handler for one end of a connection.
	 * @param server whether this end answers the requests
	 */
	static Http2Handler of(boolean server, Http2FrameListener frames, Http2Connection.Listener streams) {
		Http2Connection connection = new DefaultHttp2Connection(server);
		connection.addListener(streams);
		connection.remote()
			.flowController(
					new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
		return new Builder(connection, frames).build();
	}

	@Override
	public void onError(ChannelHandlerContext ctx, boolean outbound, Throwable cause) {
		if (outbound && cause instanceof IOException) {
			logger.debug("{} cannot be written to", ctx.channel(), cause);
		}
		else {
			super.onError(ctx, outbound, cause);
		}
	}

	private static final class Builder extends AbstractHttp2ConnectionHandlerBuilder<Http2Handler, Builder> {

		Builder(Http2Connection connection, Http2FrameListener frames) {
			Http2Settings settings = new Http2Settings().initialWindowSize(STREAM_WINDOW);
			connection(connection);
			initialSettings(
					connection.isServer() ? settings.maxConcurrentStreams(MAX_STREAMS) : settings.pushEnabled(false));
			frameListener(frames);
			validateHeaders(false);
			headerSensitivityDetector((name, _) -> Http2Dialect.changes(name));
			// There is no limit on resets, which are normal between nodes: a node resets
			// a stream when a caller has hung up.
			decoderEnforceMaxRstFramesPerWindow(0, 0);
			encoderEnforceMaxRstFramesPerWindow(0, 0);
			gracefulShutdownTimeoutMillis(0);
		}

		@Override
		protected Http2Handler build() {
			return super.build();
		}

		@Override
		protected Http2Handler build(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder,
				Http2Settings settings) {
			return new Http2Handler(decoder, encoder, settings);
		}

	}

}

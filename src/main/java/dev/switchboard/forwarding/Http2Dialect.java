package dev.switchboard.forwarding;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.netty.util.AsciiString;

/**
 * What both ends of a connection between nodes agree on: HTTP/2 in clear text with prior
 * knowledge (RFC 9113 section 3.3). A request is one message; an answer is any number of
 * messages, each after its length in four bytes, or a failure.
 */
final class Http2Dialect {

	/** The agent that a request is about, as {@code tenant/agent}. */
	static final AsciiString AGENT = AsciiString.cached("agent");

	/** The milliseconds that the requester still waits. */
	static final AsciiString TIME_LEFT = AsciiString.cached("time-left");

	/** Of an answer: why there is none, or no more of it. */
	static final AsciiString FAILURE = AsciiString.cached("failure");

	/** Of an answer 404: the newest epoch of the agent that the node knows. */
	static final AsciiString EPOCH = AsciiString.cached("epoch");

	/** Of an answer: the microseconds that it took. */
	static final AsciiString TOOK = AsciiString.cached("took");

	static final AsciiString OK = AsciiString.cached("200");

	static final AsciiString BAD_REQUEST = AsciiString.cached("400");

	static final AsciiString UNAUTHORIZED = AsciiString.cached("401");

	static final AsciiString NOT_HERE = AsciiString.cached("404");

	private static final Set<AsciiString> CHANGING = Set.of(AGENT, TIME_LEFT, EPOCH, TOOK);

	private static final int STREAM_WINDOW = 1024 * 1024;

	private static final int CONNECTION_WINDOW = 16 * 1024 * 1024;

	private static final int MAX_STREAMS = 100_000;

	private static final Map<String, AsciiString> PATHS = new ConcurrentHashMap<>();

	private Http2Dialect() {
	}

	/** The path of requests of a kind. */
	static AsciiString path(String kind) {
		return PATHS.computeIfAbsent(kind, (name) -> AsciiString.cached("/" + name));
	}

	/**
	 * One end of a connection. What comes is taken at once, so that no stream holds up
	 * another; what differs in every message is not put into the peer's header table.
	 */
	static Http2ConnectionHandler handler(boolean server, Http2FrameListener frames, Http2Connection.Listener streams) {
		Http2Connection connection = new DefaultHttp2Connection(server);
		connection.addListener(streams);
		connection.remote()
			.flowController(
					new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
		Http2Settings settings = new Http2Settings().initialWindowSize(STREAM_WINDOW);
		return new Http2ConnectionHandlerBuilder().connection(connection)
			.initialSettings(server ? settings.maxConcurrentStreams(MAX_STREAMS) : settings.pushEnabled(false))
			.frameListener(frames)
			.validateHeaders(false)
			.headerSensitivityDetector((name, _) -> CHANGING.contains(AsciiString.of(name)))
			// Resets are ordinary between nodes: each is a caller that hung up.
			.decoderEnforceMaxRstFramesPerWindow(0, 0)
			.encoderEnforceMaxRstFramesPerWindow(0, 0)
			.gracefulShutdownTimeoutMillis(0)
			.build();
	}

	/** Lets more be under way to here than HTTP/2's 64 kB on all streams together. */
	static void widen(Http2ConnectionHandler handler) throws Http2Exception {
		Http2Connection connection = handler.connection();
		connection.local()
			.flowController()
			.incrementWindowSize(connection.connectionStream(), CONNECTION_WINDOW - 65_535);
	}

	/** A message as an answer carries it. */
	static ByteBuf message(ChannelHandlerContext context, byte[] message) {
		return context.alloc().ioBuffer(Integer.BYTES + message.length).writeInt(message.length).writeBytes(message);
	}

}

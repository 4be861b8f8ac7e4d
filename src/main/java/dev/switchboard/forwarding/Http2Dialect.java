package dev.switchboard.forwarding;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.AsciiString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules for both ends of a connection between nodes: HTTP/2 in clear text with prior
 * knowledge (RFC 9113 section 3.3). A request's body is one message. An answer's body is
 * any number of messages. The length of each message stands before it, in four bytes. A
 * failure is a header of the answer, before or after the body.
 */
final class Http2Dialect {

	/** Closes a channel whose socket has failed. */
	static final ChannelHandler CLOSE_ON_FAILURE = new CloseOnFailure();

	/** Request header: the agent that the request is about, as {@code tenant/agent}. */
	static final AsciiString AGENT = AsciiString.cached("agent");

	/** Request header: how many milliseconds the requester still waits. */
	static final AsciiString TIME_LEFT = AsciiString.cached("time-left");

	/**
	 * Answer header: the name of the failure that ended the answer. It comes at the
	 * beginning of the answer or later.
	 */
	static final AsciiString FAILURE = AsciiString.cached("failure");

	/**
	 * Answer header that accompanies {@link #FAILURE}: what happened exactly, if that is
	 * known.
	 */
	static final AsciiString DETAIL = AsciiString.cached("detail");

	/**
	 * Header of a 404 answer: the epoch of the agent's connection that is closing on the
	 * answering node; 0 if there is none.
	 */
	static final AsciiString EPOCH = AsciiString.cached("epoch");

	/**
	 * Answer header: the microseconds from the arrival of the request to the beginning of
	 * the answer.
	 */
	static final AsciiString TOOK = AsciiString.cached("took");

	/** Header of a 401 answer: for how many milliseconds the node has run. */
	static final AsciiString UPTIME = AsciiString.cached("uptime");

	static final AsciiString OK = AsciiString.cached("200");

	static final AsciiString BAD_REQUEST = AsciiString.cached("400");

	static final AsciiString UNAUTHORIZED = AsciiString.cached("401");

	static final AsciiString NOT_HERE = AsciiString.cached("404");

	/**
	 * The status of a call or push that an overloaded node refuses. A node of an older
	 * version does not know this status. It treats the request as certainly not served,
	 * as with every unknown status.
	 */
	static final AsciiString OVERLOADED = AsciiString.cached("503");

	private static final Logger logger = LoggerFactory.getLogger(Http2Dialect.class);

	/** Headers whose values differ in every message. */
	private static final Set<AsciiString> CHANGING = Set.of(AGENT, TIME_LEFT, EPOCH, TOOK, DETAIL, UPTIME);

	private static final int CONNECTION_WINDOW = 16 * 1024 * 1024;

	private static final Map<String, AsciiString> PATHS = new ConcurrentHashMap<>();

	private Http2Dialect() {
	}

	/** Returns the path of the requests of a kind. */
	static AsciiString path(String kind) {
		return PATHS.computeIfAbsent(kind, (name) -> AsciiString.cached("/" + name));
	}

	/**
	 * Whether a header's value differs in every message. Such a header stays out of the
	 * other end's header table.
	 */
	static boolean changes(CharSequence header) {
		return CHANGING.contains(AsciiString.of(header));
	}

	/** Raises the window of a connection from HTTP/2's default of 64 kB to 16 MiB. */
	static void widenWindow(Http2ConnectionHandler handler) throws Http2Exception {
		Http2Connection connection = handler.connection();
		connection.local()
			.flowController()
			.incrementWindowSize(connection.connectionStream(), CONNECTION_WINDOW - 65_535);
	}

	/** The last handler of a pipeline: closes the channel when its socket fails. */
	@Sharable
	private static final class CloseOnFailure extends ChannelInboundHandlerAdapter {

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			logger.debug("{} failed", ctx.channel(), cause);
			ctx.close();
		}

	}

}

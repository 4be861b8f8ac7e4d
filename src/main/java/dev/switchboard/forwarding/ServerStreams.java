package dev.switchboard.forwarding;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import dev.switchboard.listener.CallAdmission;
import dev.switchboard.listener.RefusedRequests;
import dev.switchboard.loop.LoopTimeout;
import dev.switchboard.time.TimeSource;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection between nodes that receives requests and sends answers. Belongs
 * to the connection's event loop; only {@link #onLoop} may be called from other threads.
 */
final class ServerStreams extends Http2End<Inbound> {

	/**
	 * The time to live of a request that does not say how long its requester waits. Nodes
	 * of older versions send such requests.
	 */
	private static final Duration LONGEST_WAIT = Duration.ofHours(2);

	/** The requests that the node refuses if it has no time for them. */
	private static final Set<AsciiString> REFUSABLE = VerbCodecs.CALLS.stream()
		.map(Http2Dialect::path)
		.collect(Collectors.toUnmodifiableSet());

	private final Map<AsciiString, InboundHandler> handlers;

	private final Doorkeeper door;

	private final CallAdmission admission;

	private final int bodyLimit;

	private final RefusedRequests malformed;

	private final TimeSource time;

	private final AtomicInteger unanswered;

	private final SocketAddress peer;

	private boolean takesNoMore;

	/** Ends the wait for the secret; null once the peer has shown it. */
	private @Nullable LoopTimeout proofTimeout;

	/**
	 * @param handlers the handlers by the paths of their requests
	 * @param bodyLimit the limit on a request's body in bytes
	 * @param malformed counts the connections whose peer breaks HTTP/2
	 * @param admission decides which calls and pushes are taken
	 * @param unanswered counts the requests that are not answered yet
	 */
	ServerStreams(ChannelPipeline pipeline, Map<AsciiString, InboundHandler> handlers, Doorkeeper door, int bodyLimit,
			RefusedRequests malformed, CallAdmission admission, TimeSource time, AtomicInteger unanswered) {
		super(true, pipeline);
		this.malformed = malformed;
		this.admission = admission;
		this.peer = pipeline.channel().remoteAddress();
		this.handlers = handlers;
		this.door = door;
		this.bodyLimit = bodyLimit;
		this.time = time;
		this.unanswered = unanswered;
	}

	/**
	 * Serves the peer as a stranger until it shows the secret. A node need not know this
	 * limit, because the first request, which shows the secret, comes before the others.
	 */
	void suspect() {
		Strangers strangers = this.door.strangers();
		limitPeer(Strangers.STREAMS);
		this.proofTimeout = new LoopTimeout(loop(), Strangers.PATIENCE, () -> strangers.turnAway(this), this.time);
		strangers.add(this);
	}

	private void know() {
		if (this.proofTimeout != null) {
			limitPeer(Http2Handler.MAX_STREAMS);
			forget();
		}
	}

	/** Called when the peer has shown the secret, or the connection has ended. */
	void forget() {
		if (this.proofTimeout != null) {
			this.proofTimeout.cancel();
			this.proofTimeout = null;
			this.door.strangers().remove(this);
		}
	}

	/** Closes the connection of a peer that has not shown the secret. Thread-safe. */
	void turnAway() {
		onLoop(() -> {
			writeLastGoAway();
			loop().schedule(this::closeSilently, ForwardingServer.LINGER.toMillis(), TimeUnit.MILLISECONDS);
		});
	}

	TimeSource time() {
		return this.time;
	}

	@Override
	public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
		widenWindow();
	}

	/** Limits a stranger again, because Netty sets the announced limit at this moment. */
	@Override
	public void onSettingsAckRead(ChannelHandlerContext ctx) {
		if (this.proofTimeout != null) {
			limitPeer(Strangers.STREAMS);
		}
	}

	@Override
	void headersRead(int stream, Http2Headers headers, boolean last) {
		Reply reply = new Reply(this, stream);
		InboundHandler handler = handler(headers.path());
		if (!this.door.letsIn(headers)) {
			reply.refuseUnauthorized(this.door.uptimeMillis());
			return;
		}
		know();
		if (handler == null || last) {
			reply.refuse(Http2Dialect.BAD_REQUEST);
		}
		else if (isRefusable(headers.path()) && !admits()) {
			reply.refuse(Http2Dialect.OVERLOADED);
		}
		else {
			attach(stream, handler
				.receive(new InboundHandler.Head(headers.get(Http2Dialect.AGENT), timeLeft(headers), this), reply));
		}
	}

	/** Returns the limit on a request's body in bytes. */
	int bodyLimit() {
		return this.bodyLimit;
	}

	/** Whether this event loop takes a further call or push. */
	boolean admits() {
		return this.admission.admits();
	}

	/** Counts requests that are not answered yet, or takes them out of the count. */
	void unanswered(int change) {
		this.unanswered.addAndGet(change);
	}

	/** Whether the node serves no more requests than have come. */
	boolean takesNoMore() {
		return this.takesNoMore;
	}

	/** Asks the other node to send no more requests on this connection. Thread-safe. */
	void leave() {
		onLoop(this::writeGoAway);
	}

	/** Serves no more requests than have come. Thread-safe. */
	void takeNoMore() {
		onLoop(() -> {
			this.takesNoMore = true;
			writeLastGoAway();
		});
	}

	private @Nullable InboundHandler handler(@Nullable CharSequence path) {
		return (path != null) ? this.handlers.get(AsciiString.of(path)) : null;
	}

	private static boolean isRefusable(CharSequence path) {
		return REFUSABLE.contains(AsciiString.of(path));
	}

	private static Duration timeLeft(Http2Headers headers) {
		return Duration.ofMillis(headers.getLong(Http2Dialect.TIME_LEFT, LONGEST_WAIT.toMillis()));
	}

	@Override
	void dataRead(Inbound request, ByteBuf data, boolean last) {
		request.read(data, last);
	}

	@Override
	void closed(Inbound request) {
		request.close();
	}

	@Override
	void broken() {
		this.malformed.count("This port speaks HTTP/2 in clear text, with other nodes only", this.peer);
	}

	/** Writes one message of an answer. */
	ChannelFuture writeMessage(int stream, byte[] message, boolean last) {
		return writeData(stream, message(message), last);
	}

}

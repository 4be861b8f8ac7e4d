package dev.switchboard.listener;

import java.util.concurrent.TimeUnit;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.time.Chance;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Refuses calls and pushes of one connection of the API that the node has no time for.
 * Stands behind the {@link HttpGate}, before Reactor Netty. So a refusal costs a small
 * part of a call: the token and the other headers are not looked at, and the body is
 * skipped. The connection stays open for further requests. Used on the channel's event
 * loop.
 */
final class CallGate extends ChannelInboundHandlerAdapter {

	static final String NAME = "switchboard.calls";

	/** A connection with a longer body of a refused request is closed. */
	private static final int MAX_SKIPPED = 1024 * 1024;

	/** The time in which the client reads the last answer of a connection. */
	private static final long LINGER_MILLIS = 500;

	private static final byte[] REFUSAL = new ProblemException(Problem.UNAVAILABLE,
			"This node has more calls than it can take at the moment")
		.toJson();

	/** Callers return within this time. It is short, because they wait for an answer. */
	private static final int RETRY_WITHIN_SECONDS = 5;

	private final HttpGate gate;

	private final CallAdmission admission;

	private final Chance chance;

	/** Whether the body of a refused request is skipped. */
	private boolean skipping;

	private int skipped;

	/** Whether the last part that was read belongs to a refused request. */
	private boolean lastWasSkipped;

	/** Whether the connection closes with the refusal that was written. */
	private boolean closing;

	/** Whether the gate writes the refusal, later, and then closes the connection. */
	private boolean handedOver;

	CallGate(HttpGate gate, CallAdmission admission, Chance chance) {
		this.gate = gate;
		this.admission = admission;
		this.chance = chance;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (this.skipping || this.closing || this.handedOver) {
			skip(context, message);
		}
		else if (message instanceof HttpRequest request && isCall(request) && !this.admission.admits()) {
			refuse(context, request);
			skip(context, message);
		}
		else {
			this.lastWasSkipped = false;
			context.fireChannelRead(message);
		}
	}

	/** Whether a request calls an agent or pushes to an agent, and costs accordingly. */
	static boolean isCall(HttpRequest request) {
		if (!request.method().equals(HttpMethod.POST)) {
			return false;
		}
		String target = request.uri();
		int query = target.indexOf('?');
		String path = (query < 0) ? target : target.substring(0, query);
		return path.endsWith("/calls") || path.endsWith("/pushes") || path.endsWith("/fleet-calls")
				|| path.endsWith("/fleet-pushes");
	}

	/**
	 * Writes the refusal. If answers to earlier requests are missing, the refusal would
	 * come in the wrong place, so it waits for them, and the connection ends with it.
	 */
	private void refuse(ChannelHandlerContext context, HttpRequest request) {
		FullHttpResponse response = ProblemResponse.of(Problem.UNAVAILABLE, REFUSAL);
		response.headers().setInt(HttpHeaderNames.RETRY_AFTER, retryAfter());
		if (!this.gate.isOnlyOne()) {
			this.handedOver = true;
			HttpUtil.setKeepAlive(response, false);
			this.gate.refuseLast(context.pipeline().context(HttpGate.NAME), response);
			return;
		}
		// A client that waits for "100 Continue" may or may not send the body now.
		boolean last = !HttpUtil.isKeepAlive(request) || HttpUtil.is100ContinueExpected(request);
		HttpUtil.setKeepAlive(response.headers(), request.protocolVersion(), !last);
		this.skipping = true;
		this.skipped = 0;
		context.writeAndFlush(response);
		if (last) {
			// Closes when the body has come, or when the client has had time to read.
			this.closing = true;
			context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	private int retryAfter() {
		return 1 + (int) (this.chance.fraction() * RETRY_WITHIN_SECONDS);
	}

	private void skip(ChannelHandlerContext context, Object message) {
		this.lastWasSkipped = true;
		if (message instanceof HttpContent content) {
			this.skipped += content.content().readableBytes();
			boolean whole = message instanceof LastHttpContent;
			this.skipping &= !whole;
			if ((whole && this.closing) || this.skipped > MAX_SKIPPED) {
				context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
			}
		}
		ReferenceCountUtil.release(message);
	}

	private static void readLater(ChannelHandlerContext context, long nanos) {
		if (nanos == 0) {
			context.read();
		}
		else {
			context.executor().schedule(() -> context.read(), nanos, TimeUnit.NANOSECONDS);
		}
	}

	/** Goes on reading after parts that Reactor Netty has not seen. */
	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		if (this.lastWasSkipped) {
			readLater(context, this.skipping ? 0 : this.admission.pauseNanos());
		}
		context.fireChannelReadComplete();
	}

}

package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;

import dev.switchboard.connection.ConnectionException;
import dev.switchboard.loop.OnLoop;
import dev.switchboard.routing.ForwardException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpScheme;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * A connection to another node and the requests that wait on it. They belong to it: its
 * end fails them all at once. Belongs to its event loop, but for {@link #onLoop} and
 * {@link #isUsable}.
 */
final class PeerConnection extends Http2FrameAdapter {

	/** A node, or a way to it, that takes no more than this is too slow for more. */
	private static final long MAX_UNWRITTEN = 64L * 1024 * 1024;

	private final EventLoop loop;

	private final AsciiString authority;

	private final NodeSecret secret;

	private final int maxWaiting;

	private final Http2ConnectionHandler handler;

	private final Http2Connection.PropertyKey requests;

	/** By their streams, all that wait; those that wait for the connection are queued. */
	private final Map<PendingRequest<?>, Integer> sent = new HashMap<>();

	private final Queue<PendingRequest<?>> queued = new ArrayDeque<>();

	private final PeerWatch watch;

	private long unwritten;

	private @Nullable ChannelHandlerContext context;

	private @Nullable TurnFlush flush;

	private volatile State state = State.CONNECTING;

	private enum State {

		CONNECTING, OPEN, LEAVING, CLOSED

	}

	PeerConnection(EventLoop loop, String authority, NodeSecret secret, ForwardingSettings settings,
			ForwardingMetrics metrics) {
		this.loop = loop;
		this.authority = AsciiString.of(authority);
		this.secret = secret;
		this.maxWaiting = settings.maxWaiting();
		this.handler = Http2Dialect.handler(false, this, new Closes());
		this.requests = this.handler.connection().newKey();
		this.watch = new PeerWatch(this, settings.silence(), metrics);
	}

	void addTo(ChannelPipeline pipeline) {
		pipeline.addLast(this.watch, this.handler, PeerFailures.INSTANCE);
		ChannelHandlerContext added = Objects.requireNonNull(pipeline.context(this.handler));
		this.context = added;
		this.flush = new TurnFlush(this.handler, added);
	}

	EventLoop loop() {
		return this.loop;
	}

	void onLoop(Runnable task) {
		OnLoop.run(this.loop, task);
	}

	/** Whether it takes requests, now or as soon as it is connected. */
	boolean isUsable() {
		return this.state == State.CONNECTING || this.state == State.OPEN;
	}

	boolean isConnecting() {
		return this.state == State.CONNECTING;
	}

	/** Sends a request as soon as it can, or fails it. */
	void begin(PendingRequest<?> request) {
		if (request.isEnded()) {
			return;
		}
		if (!isUsable() || isFull()) {
			request.fail(new ForwardException(ForwardException.Reason.UNSENT));
			return;
		}
		this.watch.start();
		if (this.state == State.CONNECTING) {
			this.queued.add(request);
		}
		else {
			send(request);
		}
	}

	private boolean isFull() {
		return this.sent.size() + this.queued.size() >= this.maxWaiting || this.unwritten > MAX_UNWRITTEN;
	}

	private void send(PendingRequest<?> request) {
		ChannelHandlerContext ctx = Objects.requireNonNull(this.context);
		int stream = this.handler.connection().local().incrementAndGetNextStreamId();
		Duration left = request.timeLeft();
		ChannelFuture head = this.handler.encoder()
			.writeHeaders(ctx, stream, headers(request.content(), left), 0, false, ctx.newPromise());
		Http2Stream opened = this.handler.connection().stream(stream);
		if (opened == null || (head.isDone() && !head.isSuccess())) {
			// It has as many streams as it can have, or will have no more.
			this.state = State.LEAVING;
			request.disconnect();
			return;
		}
		opened.setProperty(this.requests, request);
		this.sent.put(request, stream);
		byte[] body = request.content().body().encode(left);
		this.unwritten += body.length;
		this.handler.encoder()
			.writeData(ctx, stream, Unpooled.wrappedBuffer(body), 0, true, ctx.newPromise())
			.addListener((written) -> {
				this.unwritten -= body.length;
				if (written.isSuccess()) {
					request.written();
				}
			});
		Objects.requireNonNull(this.flush).schedule();
	}

	private Http2Headers headers(PeerRequest<?> request, Duration left) {
		Http2Headers headers = new DefaultHttp2Headers(false, 8).method(HttpMethod.POST.asciiName())
			.scheme(HttpScheme.HTTP.name())
			.authority(this.authority)
			.path(Http2Dialect.path(request.kind()))
			.setLong(Http2Dialect.TIME_LEFT, left.toMillis());
		this.secret.sign(headers);
		return (request.agent() != null) ? headers.set(Http2Dialect.AGENT,
				AsciiString.of(request.agent().tenant() + "/" + request.agent().agent())) : headers;
	}

	/** Nobody waits for it any more: the node is told, if it was ever asked. */
	void abandon(PendingRequest<?> request) {
		Integer stream = this.sent.remove(request);
		if (stream != null) {
			ChannelHandlerContext ctx = Objects.requireNonNull(this.context);
			this.handler.encoder().writeRstStream(ctx, stream, Http2Error.CANCEL.code(), ctx.newPromise());
			Objects.requireNonNull(this.flush).schedule();
		}
		else {
			this.queued.remove(request);
		}
	}

	/** Ends those whose time is up; what was given to the socket may yet arrive. */
	void expire(long now) {
		for (PendingRequest<?> request : all()) {
			boolean unsent = !this.sent.containsKey(request);
			if (request.isOverdue(now) || (unsent && request.remainingNanos(now) <= 0)) {
				abandon(request);
				request.fail(new ConnectionException(
						unsent ? ConnectionException.Reason.DEADLINE_UNSENT : ConnectionException.Reason.DEADLINE));
			}
		}
	}

	boolean isAwaited() {
		return !this.sent.isEmpty() || !this.queued.isEmpty();
	}

	private List<PendingRequest<?>> all() {
		List<PendingRequest<?>> all = new ArrayList<>(this.sent.keySet());
		all.addAll(this.queued);
		return all;
	}

	// The node is there: what it accepts before, its kernel does.
	@Override
	public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
		if (this.state == State.CONNECTING) {
			this.state = State.OPEN;
			Http2Dialect.widen(this.handler);
			for (PendingRequest<?> next = this.queued.poll(); next != null; next = this.queued.poll()) {
				send(next);
			}
		}
	}

	@Override
	public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int dependency,
			short weight, boolean exclusive, int padding, boolean endOfStream) {
		onHeadersRead(ctx, streamId, headers, padding, endOfStream);
	}

	@Override
	public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding,
			boolean endOfStream) {
		PendingRequest<?> request = request(streamId);
		if (request != null) {
			request.headers(headers, endOfStream);
			settle(request, endOfStream);
		}
	}

	@Override
	public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
		int processed = data.readableBytes() + padding;
		PendingRequest<?> request = request(streamId);
		if (request != null) {
			request.data(data, endOfStream);
			settle(request, endOfStream);
		}
		return processed;
	}

	// One that its reader ended is not waited for to the end of its stream.
	private void settle(PendingRequest<?> request, boolean endOfStream) {
		if (endOfStream) {
			this.sent.remove(request);
		}
		else if (request.isEnded()) {
			abandon(request);
		}
	}

	@Override
	public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
		PendingRequest<?> request = request(streamId);
		if (request != null && errorCode == Http2Error.REFUSED_STREAM.code()) {
			request.fail(new ForwardException(ForwardException.Reason.UNSENT));
		}
	}

	// Later streams were surely not looked at (RFC 9113 section 6.8).
	@Override
	public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
		this.state = State.LEAVING;
		for (PendingRequest<?> request : all()) {
			Integer stream = this.sent.get(request);
			if (stream == null || stream > lastStreamId) {
				request.fail(new ForwardException(ForwardException.Reason.UNSENT));
			}
		}
		this.queued.clear();
	}

	private @Nullable PendingRequest<?> request(int streamId) {
		Http2Stream stream = this.handler.connection().stream(streamId);
		return (stream != null) ? stream.getProperty(this.requests) : null;
	}

	void ping() {
		ChannelHandlerContext ctx = Objects.requireNonNull(this.context);
		this.handler.encoder().writePing(ctx, false, System.nanoTime(), ctx.newPromise());
		Objects.requireNonNull(this.flush).schedule();
	}

	/** It has ended, or never came to be. */
	void end() {
		this.state = State.CLOSED;
		List<PendingRequest<?>> all = all();
		this.sent.clear();
		this.queued.clear();
		all.forEach(PendingRequest::disconnect);
	}

	/** Closes it, without a word to the node. */
	void close() {
		end();
		if (this.context != null) {
			this.context.close();
		}
	}

	@Override
	public String toString() {
		return "node at " + this.authority;
	}

	private final class Closes extends Http2ConnectionAdapter {

		@Override
		public void onStreamClosed(Http2Stream stream) {
			PendingRequest<?> request = stream.removeProperty(PeerConnection.this.requests);
			if (request != null && PeerConnection.this.sent.remove(request) != null) {
				request.disconnect();
			}
		}

	}

}

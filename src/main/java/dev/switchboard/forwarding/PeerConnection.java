package dev.switchboard.forwarding;

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

	private final Credentials credentials;

	private final int maxWaiting;

	private final Http2ConnectionHandler handler;

	private final Http2Connection.PropertyKey exchanges;

	/** By their streams, all that wait; those that wait for the connection are queued. */
	private final Map<Exchange<?>, Integer> sent = new HashMap<>();

	private final Queue<Exchange<?>> queued = new ArrayDeque<>();

	private final PeerWatch watch;

	private long unwritten;

	private @Nullable ChannelHandlerContext context;

	private @Nullable TurnFlush flush;

	private volatile State state = State.CONNECTING;

	private enum State {

		CONNECTING, OPEN, LEAVING, CLOSED

	}

	PeerConnection(EventLoop loop, String authority, Credentials credentials, ForwardingSettings settings,
			ForwardingMetrics metrics) {
		this.loop = loop;
		this.authority = AsciiString.of(authority);
		this.credentials = credentials;
		this.maxWaiting = settings.maxWaiting();
		this.handler = Wire.handler(false, this, new Closes());
		this.exchanges = this.handler.connection().newKey();
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
	void begin(Exchange<?> exchange) {
		if (exchange.isEnded()) {
			return;
		}
		if (!isUsable() || isFull()) {
			exchange.fail(new ForwardException(ForwardException.Reason.UNSENT));
			return;
		}
		this.watch.start();
		if (this.state == State.CONNECTING) {
			this.queued.add(exchange);
		}
		else {
			send(exchange);
		}
	}

	private boolean isFull() {
		return this.sent.size() + this.queued.size() >= this.maxWaiting || this.unwritten > MAX_UNWRITTEN;
	}

	private void send(Exchange<?> exchange) {
		ChannelHandlerContext ctx = Objects.requireNonNull(this.context);
		int stream = this.handler.connection().local().incrementAndGetNextStreamId();
		ChannelFuture head = this.handler.encoder()
			.writeHeaders(ctx, stream, headers(exchange.outgoing()), 0, false, ctx.newPromise());
		Http2Stream opened = this.handler.connection().stream(stream);
		if (opened == null || (head.isDone() && !head.isSuccess())) {
			// It has as many streams as it can have, or will have no more.
			this.state = State.LEAVING;
			exchange.disconnect();
			return;
		}
		opened.setProperty(this.exchanges, exchange);
		this.sent.put(exchange, stream);
		byte[] body = exchange.body();
		this.unwritten += body.length;
		this.handler.encoder()
			.writeData(ctx, stream, Unpooled.wrappedBuffer(body), 0, true, ctx.newPromise())
			.addListener((written) -> {
				this.unwritten -= body.length;
				if (written.isSuccess()) {
					exchange.written();
				}
			});
		Objects.requireNonNull(this.flush).schedule();
	}

	private Http2Headers headers(Outgoing<?> outgoing) {
		Http2Headers headers = new DefaultHttp2Headers(false, 8).method(HttpMethod.POST.asciiName())
			.scheme(HttpScheme.HTTP.name())
			.authority(this.authority)
			.path(Wire.path(outgoing.kind()));
		this.credentials.show(headers);
		return (outgoing.agent() != null)
				? headers.set(Wire.AGENT, AsciiString.of(outgoing.agent().tenant() + "/" + outgoing.agent().agent()))
				: headers;
	}

	/** Nobody waits for it any more: the node is told, if it was ever asked. */
	void abandon(Exchange<?> exchange) {
		Integer stream = this.sent.remove(exchange);
		if (stream != null) {
			ChannelHandlerContext ctx = Objects.requireNonNull(this.context);
			this.handler.encoder().writeRstStream(ctx, stream, Http2Error.CANCEL.code(), ctx.newPromise());
			Objects.requireNonNull(this.flush).schedule();
		}
		else {
			this.queued.remove(exchange);
		}
	}

	/** Ends those whose time is up; what was given to the socket may yet arrive. */
	void expire(long now) {
		for (Exchange<?> exchange : all()) {
			boolean unsent = !this.sent.containsKey(exchange);
			if (exchange.isOverdue(now) || (unsent && exchange.remainingNanos(now) <= 0)) {
				abandon(exchange);
				exchange.fail(new ConnectionException(
						unsent ? ConnectionException.Reason.DEADLINE_UNSENT : ConnectionException.Reason.DEADLINE));
			}
		}
	}

	boolean isAwaited() {
		return !this.sent.isEmpty() || !this.queued.isEmpty();
	}

	private List<Exchange<?>> all() {
		List<Exchange<?>> all = new ArrayList<>(this.sent.keySet());
		all.addAll(this.queued);
		return all;
	}

	// The node is there: what it accepts before, its kernel does.
	@Override
	public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
		if (this.state == State.CONNECTING) {
			this.state = State.OPEN;
			Wire.widen(this.handler);
			for (Exchange<?> next = this.queued.poll(); next != null; next = this.queued.poll()) {
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
		Exchange<?> exchange = exchange(streamId);
		if (exchange != null) {
			exchange.headers(headers, endOfStream);
			settle(exchange, endOfStream);
		}
	}

	@Override
	public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
		int processed = data.readableBytes() + padding;
		Exchange<?> exchange = exchange(streamId);
		if (exchange != null) {
			exchange.data(data, endOfStream);
			settle(exchange, endOfStream);
		}
		return processed;
	}

	// One that its reader ended is not waited for to the end of its stream.
	private void settle(Exchange<?> exchange, boolean endOfStream) {
		if (endOfStream) {
			this.sent.remove(exchange);
		}
		else if (exchange.isEnded()) {
			abandon(exchange);
		}
	}

	@Override
	public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
		Exchange<?> exchange = exchange(streamId);
		if (exchange != null && errorCode == Http2Error.REFUSED_STREAM.code()) {
			exchange.fail(new ForwardException(ForwardException.Reason.UNSENT));
		}
	}

	// Later streams were surely not looked at (RFC 9113 section 6.8).
	@Override
	public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
		this.state = State.LEAVING;
		for (Exchange<?> exchange : all()) {
			Integer stream = this.sent.get(exchange);
			if (stream == null || stream > lastStreamId) {
				exchange.fail(new ForwardException(ForwardException.Reason.UNSENT));
			}
		}
		this.queued.clear();
	}

	private @Nullable Exchange<?> exchange(int streamId) {
		Http2Stream stream = this.handler.connection().stream(streamId);
		return (stream != null) ? stream.getProperty(this.exchanges) : null;
	}

	void ping() {
		ChannelHandlerContext ctx = Objects.requireNonNull(this.context);
		this.handler.encoder().writePing(ctx, false, System.nanoTime(), ctx.newPromise());
		Objects.requireNonNull(this.flush).schedule();
	}

	/** It has ended, or never came to be. */
	void end() {
		this.state = State.CLOSED;
		List<Exchange<?>> all = all();
		this.sent.clear();
		this.queued.clear();
		all.forEach(Exchange::disconnect);
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
			Exchange<?> exchange = stream.removeProperty(PeerConnection.this.exchanges);
			if (exchange != null && PeerConnection.this.sent.remove(exchange) != null) {
				exchange.disconnect();
			}
		}

	}

}
